def target(rows: list):
    return sum(1 for row in rows if row == 3 if row)
