def target(xs, zs: list):
    out = [[] for _ in xs]
    out[zs.pop()] += [x for x in xs if x in zs]
    return out
