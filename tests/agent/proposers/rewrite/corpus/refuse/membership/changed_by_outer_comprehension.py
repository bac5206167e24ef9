def target(xs, count):
    zs = ["a", "b", "c", "d"]
    return [[x for x in xs if x in zs] for _ in range(count) if zs.append("e") is None]
