def target(rows: list):
    first = sum(rows)
    return first, lambda: sum(rows)
