def target(left: list, right: list, key):
    return [(a, b) for a in left for b in right if key(a) == b.k]
