def target(left, right):
    # `right` may be an iterator that each turn goes on with
    out = []
    for a in left:
        for b in right:
            if a.k == b.k:
                out.append(b)
                break
    return out
