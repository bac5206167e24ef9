def target(rows):
    out = []
    for row in rows:
        if row % 3:
            out.append(row * 2)
    return out


def other(rows):
    out = []
    for row in rows:
        out.append(row * 2)
    return out
# ==== after
def target(rows):
    out = [row * 2 for row in rows if row % 3]
    return out


def other(rows):
    out = []
    for row in rows:
        out.append(row * 2)
    return out
# ==== inputs
large, faster = 20000, 0.95


def inputs(random, size):
    return ([random.randrange(size) for _ in range(size)],)
