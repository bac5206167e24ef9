def target(xs, zs: list):
    return zs.pop(), [x + sum(zs) for x in xs]
