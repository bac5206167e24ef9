def target(rows):
    left, right = [], []
    for row in rows:
        left.append(row)
        right.append(-row)
    return left, right
