def target(rows: list, parts):
    for part in parts:
        if rows.count(part) < 2:
            rows.append(part)
