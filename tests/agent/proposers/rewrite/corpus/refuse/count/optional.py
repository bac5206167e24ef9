def target(parts, rows: list = None):
    return [rows.count(part) for part in parts if rows is not None]
