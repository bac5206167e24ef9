def target(parts):
    return "".join([part for part in parts])
