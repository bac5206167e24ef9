def target(rows, names: list):
    return sum(1 for row in rows if [row, row] in names)
