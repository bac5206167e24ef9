def target(left, right):
    if right is None:
        right = left
    return [(a, b) for a in left if right for b in right if a.k == b.k]
