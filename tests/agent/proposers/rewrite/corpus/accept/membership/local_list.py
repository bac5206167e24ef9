def target(rows, names):
    known = [name.strip() for name in names]
    out = []
    for row in rows:
        if row in known:
            out.append(row)
    return out
# ==== after
def target(rows, names):
    known = [name.strip() for name in names]
    out = []
    known_set = set(known)
    for row in rows:
        if row in known_set:
            out.append(row)
    return out
# ==== inputs
large, faster = 2000, 5.0


def inputs(random, size):
    return [str(random.randrange(size + 1)) for _ in range(size)], [f" {random.randrange(size + 1)} " for _ in range(size)]
