def target(values):
    ordered = []
    out = []
    for value in values:
        ordered.append(value)
        ordered.sort()
        out.append(ordered[len(ordered) // 2])
    return out
# ==== after
from bisect import insort


def target(values):
    ordered = []
    out = []
    for value in values:
        insort(ordered, value)
        out.append(ordered[len(ordered) // 2])
    return out
# ==== inputs
large, faster = 1000, 1.5


def inputs(random, size):
    return ([random.randrange(size) for _ in range(size)],)
