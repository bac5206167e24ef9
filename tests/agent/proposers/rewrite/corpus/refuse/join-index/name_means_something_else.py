b = 1


def target(left: list, right: list):
    return b, [(a, 2) for a in left for b in right if b.k == a.k]
