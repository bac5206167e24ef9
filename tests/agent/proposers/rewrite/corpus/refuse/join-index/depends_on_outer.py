def target(left: list):
    out = []
    for a in left:
        right = [c for c in a.children]
        for b in right:
            if b.k == a.k:
                out.append(b)
    return out
