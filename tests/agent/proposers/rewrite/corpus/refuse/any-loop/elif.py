def target(parts, last):
    if last:
        return 0
    elif any(part is last for part in parts):
        return 1
    return 2
