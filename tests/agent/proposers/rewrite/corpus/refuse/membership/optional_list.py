def target(rows, names: list[str] = None):
    if names is None:
        return list(rows)
    return [row for row in rows if row in names]
