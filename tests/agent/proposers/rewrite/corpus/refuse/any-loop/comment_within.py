def target(parts):
    return any(
        part  # the first one
        for part in parts
    )
