def target(rows):
    # slicing an array gives a view, and its truth is an error
    while rows:
        row = rows[0]
        rows = rows[1:]
        print(row)
