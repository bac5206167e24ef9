def target(rows):
    items = (row for row in rows)
    return [row for row in rows if row in list(items)]
