def target(rows: list, parts):
    return [rows.count(part, 1) for part in parts]
