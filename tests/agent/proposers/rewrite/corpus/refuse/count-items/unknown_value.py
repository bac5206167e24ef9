def target(rows: list, value):
    return sum(1 for row in rows if row == value)
