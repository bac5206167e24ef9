def target(left: list, right: list, b):
    found = [(a, b) for a in left for b in right if a.k == b.k]
    return found, b
