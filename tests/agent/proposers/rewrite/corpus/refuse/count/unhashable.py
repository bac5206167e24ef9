def target(rows):
    pairs = [[row, row] for row in rows]
    return [pairs.count(pair) for pair in pairs]
