def target(rows: list):
    return sum(2 for row in rows if row == 3)
