def target(left: list[int], right: list):
    out = []
    for a in left:
        for b in right:
            if a == b.k:
                a = b.next
                out.append(b)
    return out
