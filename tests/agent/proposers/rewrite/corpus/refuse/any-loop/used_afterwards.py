def target(parts):
    part = 0
    if any(part for part in parts):
        raise ValueError
    return part
