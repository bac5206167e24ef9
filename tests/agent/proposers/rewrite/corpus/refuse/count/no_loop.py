def target(rows: list, part):
    return rows.count(part)
