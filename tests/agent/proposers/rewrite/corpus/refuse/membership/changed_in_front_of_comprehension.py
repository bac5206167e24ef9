def target(xs, zs: list):
    return zs.pop(), [x for x in xs if x in zs]
