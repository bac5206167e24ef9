def target(table: list[list[str]], rows):
    return [[row for row in rows if row in line] for line in table]
