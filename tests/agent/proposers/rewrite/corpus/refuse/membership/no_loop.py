def target(row, names: list[str]):
    return row in names
