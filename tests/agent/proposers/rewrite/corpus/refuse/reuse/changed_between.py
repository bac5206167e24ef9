def target(rows):
    rows = list(rows)
    first = sum(rows)
    rows.append(1)
    return first + sum(rows)
