def target(rows: dict):
    while rows:
        row = rows[0]
        rows = rows[1:]
        print(row)
