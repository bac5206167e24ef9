def target(left: list, right: list):
    for a in left:
        for b in right:
            if a.k == b.k:
                break
        else:
            print(a)
