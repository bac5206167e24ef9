def target(left: list, right: list, outer):
    out = []
    for b in outer:
        for a in left:
            for b in right:
                if a.k == b.k:
                    out.append(a)
        out.append(b)
    return out
