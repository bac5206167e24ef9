def target(rows: list):
    left = sorted(rows)
    right = sorted(rows)
    return left, right
