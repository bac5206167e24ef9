def target(rows, skip=()):
    return [row for row in rows if row not in skip]
# ==== after
def target(rows, skip=()):
    skip_set = set(skip)
    return [row for row in rows if row not in skip_set]
# ==== inputs
large, faster = 1000, 5.0


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], tuple(range(size // 2))
