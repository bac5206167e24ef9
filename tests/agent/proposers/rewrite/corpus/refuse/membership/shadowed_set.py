def target(rows, names: list[str], set):
    return [set(row) for row in rows if row in names]
