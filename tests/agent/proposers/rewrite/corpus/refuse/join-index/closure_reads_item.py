def target(left: list, right: list):
    out = []
    for a in left:
        for b in right:
            if a.k == b.k:
                out.append(lambda: b)
    return out
