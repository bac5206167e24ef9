def target(left, load):
    right = load()
    return [(a, b) for a in left for b in right if a.k == b.k]
