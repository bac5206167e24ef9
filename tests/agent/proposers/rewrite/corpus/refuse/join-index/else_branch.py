def target(left: list, right: list):
    misses = 0
    for a in left:
        for b in right:
            if a.k == b.k:
                a.hits += 1
            else:
                misses += 1
    return misses
