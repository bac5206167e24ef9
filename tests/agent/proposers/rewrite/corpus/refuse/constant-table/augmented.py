def target(out):
    rows = [1, 2, 3, 4, 5]
    out += rows
    rows += out
    return rows[0]
