def target(rows: list, sum):
    return sum(rows) + sum(rows)
