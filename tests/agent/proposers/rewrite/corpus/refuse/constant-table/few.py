def target(key):
    rows = [1, 2]
    return rows[key]
