def target(rows: list, table):
    first = sum(rows)
    table[0] = 1
    return first + sum(rows)
