def target(parts, any):
    return any(part for part in parts)
