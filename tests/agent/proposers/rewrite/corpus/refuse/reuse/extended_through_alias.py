def target(rows: list):
    other = rows
    first = sum(rows)
    other += [1]
    return first + sum(rows)
