def target(rows: list):
    while rows:
        row = rows[0]
        rows = rows[1:]
        print(row)
    else:
        print("done")
