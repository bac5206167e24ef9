def target(parts):
    if any(part for part in parts):
        return 1
    else:
        return 2
