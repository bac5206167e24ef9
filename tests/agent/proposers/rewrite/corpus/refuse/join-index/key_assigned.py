def target(left: list, right: list):
    for a in left:
        for b in right:
            if a.k == b.k:
                b.k = a.other
