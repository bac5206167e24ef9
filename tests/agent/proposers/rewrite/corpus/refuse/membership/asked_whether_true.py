def target(rows, names: list[str]):
    return [row for row in rows if not names or row in names]
