def target(rows: list):
    # `max` must not be asked where there is nothing
    return bool(rows) and max(rows) > 1 and max(rows) < 9
