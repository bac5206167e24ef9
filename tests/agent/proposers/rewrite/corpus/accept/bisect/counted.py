def target(values, limits):
    ordered = sorted(values)
    out = []
    for limit in limits:
        out.append(limit - sum(1 for value in ordered if value >= limit))
    return out
# ==== after
from bisect import bisect_left


def target(values, limits):
    ordered = sorted(values)
    out = []
    for limit in limits:
        out.append(limit - (len(ordered) - bisect_left(ordered, limit)))
    return out
# ==== inputs
large, faster = 500, 3.0


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], list(range(size))
