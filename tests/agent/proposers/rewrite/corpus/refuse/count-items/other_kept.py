def target(rows: list):
    return len([row + 1 for row in rows if row == 3])
