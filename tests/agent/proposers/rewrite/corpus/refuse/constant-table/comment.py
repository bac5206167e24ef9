def target(key):
    # The weights of the standard.
    rows = [1, 2, 3, 4, 5]
    return rows[key]
