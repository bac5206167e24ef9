def target(left: list, right: list):
    b = None
    for a in left:
        for b in right:
            if a.k == b.k:
                a.hits += 1
    return b
