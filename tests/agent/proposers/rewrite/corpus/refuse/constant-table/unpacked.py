def target(key):
    rows, other = [1, 2, 3, 4, 5], key
    return rows[key], other
