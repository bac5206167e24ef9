def target(rows: list[int]):
    out = []
    for _ in rows:
        out.append(lambda row: rows.count(row))
    return out
