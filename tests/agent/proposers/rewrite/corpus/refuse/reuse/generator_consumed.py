def target(rows):
    items = (row for row in rows)
    return sum(items) + sum(items)
