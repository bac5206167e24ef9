def target(xs, zs: list):
    return zs.pop(), [zs.count(x) for x in xs]
