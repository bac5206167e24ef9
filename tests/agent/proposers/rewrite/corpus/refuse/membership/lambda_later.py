def target(rows, names: list[str]):
    out = []
    for _ in rows:
        out.append(lambda row: row in names)
    return out
