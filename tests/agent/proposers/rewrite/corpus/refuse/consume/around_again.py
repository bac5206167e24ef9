def target(rows: list, n):
    for _ in range(n):
        while rows:
            row = rows[0]
            rows = rows[1:]
            print(row)
