def target(pairs, keys):
    known = dict(pairs)
    out = []
    for key in keys:
        try:
            value = known[key]
        except KeyError:
            value = -1
        out.append(value)
    return out
# ==== after
def target(pairs, keys):
    known = dict(pairs)
    out = []
    for key in keys:
        value = known.get(key, -1)
        out.append(value)
    return out
# ==== inputs
large, faster = 300, 1.2


def inputs(random, size):
    return [(i, i) for i in range(size // 4)], list(range(size))
