def target(rows: list, other: list):
    while rows:
        row = rows[0]
        rows = other[1:]
        print(row)
