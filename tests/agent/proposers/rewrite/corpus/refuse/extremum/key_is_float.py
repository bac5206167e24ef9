def target(rows):
    return sorted(rows, key=float)[0]
