def target(key):
    global rows
    rows = [1, 2, 3, 4, 5]
    return rows[key]
