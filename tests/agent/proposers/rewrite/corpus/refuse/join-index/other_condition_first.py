def target(left: list, right: list, probe):
    return [(a, b) for a in left for b in right if probe(b) and a.k == b.k]
