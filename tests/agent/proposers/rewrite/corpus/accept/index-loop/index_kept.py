def target(rows):
    out = []
    for i in range(len(rows)):
        if rows[i] > i:
            out.append((i, rows[i] * rows[i] - rows[i]))
    return out
# ==== after
def target(rows):
    out = []
    for i, row in enumerate(rows):
        if row > i:
            out.append((i, row * row - row))
    return out
# ==== inputs
large, faster = 500, 1.02


def inputs(random, size):
    return ([random.randrange(2 * size) for _ in range(size)],)
