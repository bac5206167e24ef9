def target(rows, n):
    if n < 2:
        return len(rows)
    return target(rows, n - 1) + target(rows, n - 2)
