def target(left: list, right: list):
    return [(a, b) for a in left for b in right if a.k != b.k]
