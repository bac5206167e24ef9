def target(rows: list, i):
    return rows[i:].startswith("a")
