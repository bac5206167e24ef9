def target(xs, zs: list):
    zs.pop(); return [x for x in xs if x in zs]
