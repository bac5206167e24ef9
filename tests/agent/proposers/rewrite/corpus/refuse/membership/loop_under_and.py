def target(rows, use, names: list[str]):
    return use and [row for row in rows if row in names]
