def target(left: list, right: list):
    return [(a, b) for a in left for b, b in right if b == a]
