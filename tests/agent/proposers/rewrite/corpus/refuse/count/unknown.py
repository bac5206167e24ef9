def target(rows, parts):
    return [rows.count(part) for part in parts]
