def target(rows: list, other: list):
    while rows:
        row = other[0]
        rows = rows[1:]
        print(row)
