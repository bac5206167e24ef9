def target(rows: list, table):
    first = sum(rows)
    table.rows = 1
    return first + sum(rows)
