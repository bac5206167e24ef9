def outer(parts):
    part = 1

    def target(parts):
        nonlocal part
        return any(part for part in parts)

    return target(parts), part
