def target(left: list, rows):
    right = [([row], row) for row in rows]
    keys = [[row] for row in rows]
    return [(a, b) for a in left for b in keys if b == a]
