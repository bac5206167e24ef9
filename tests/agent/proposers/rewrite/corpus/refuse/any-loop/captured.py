def target(parts):
    if any((lambda: part)() for part in parts):
        raise ValueError
    return parts
