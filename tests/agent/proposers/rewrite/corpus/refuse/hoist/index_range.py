def target(rows, table):
    total = 0
    for row in rows:
        for at in range(len(table)):
            total += row[at]
    return total
