def target(rows: list):
    def left():
        return len(rows)

    while rows:
        row = rows[0]
        rows = rows[1:]
        print(row, left())
