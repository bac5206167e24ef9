def target(rows: list, value: float):
    return sum(1 for row in rows if row == value)
