part = 3


def target(parts):
    if any(part for part in parts):
        raise ValueError
    return part
