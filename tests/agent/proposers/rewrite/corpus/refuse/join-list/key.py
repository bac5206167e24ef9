def target(parts):
    return sorted(parts, key=lambda part: part)
