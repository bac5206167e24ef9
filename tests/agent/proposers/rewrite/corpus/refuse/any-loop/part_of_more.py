def target(parts, last):
    return last or any(part for part in parts)
