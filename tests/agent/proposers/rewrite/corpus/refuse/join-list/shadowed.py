def target(parts, tuple):
    return tuple(part for part in parts)
