from bisect import insort


def target(xs):
    seen = [0, 0]
    out = []
    for x in xs:
        out.append(x + sum(seen))
        insort(seen, x)
    return out
