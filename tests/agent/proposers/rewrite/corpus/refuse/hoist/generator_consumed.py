def target(rows, wanted):
    items = (row for row in rows)
    return [want in set(items) for want in wanted]
