def target(rows: list):
    while rows:
        row = rows[1]
        rows = rows[1:]
        print(row)
