def target(left: list, right: list):
    global b
    for a in left:
        for b in right:
            if a.k == b.k:
                a.hits += 1
