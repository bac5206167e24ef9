def target(parts):
    return any(part for part in parts)
