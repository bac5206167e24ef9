def target(left: list, right: list):
    tried = 0
    for a in left:
        for b in right:
            tried += 1
            if a.k == b.k:
                a.hits += 1
    return tried
