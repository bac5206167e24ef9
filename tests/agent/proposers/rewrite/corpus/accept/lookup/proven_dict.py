def target(rows):
    counts = {}
    for row in rows:
        if row not in sorted(counts):
            counts[row] = 0
        counts[row] += 1
    return counts
# ==== after
def target(rows):
    counts = {}
    for row in rows:
        if row not in counts:
            counts[row] = 0
        counts[row] += 1
    return counts
# ==== inputs
large, faster = 300, 5.0


def inputs(random, size):
    return ([random.randrange(size) for _ in range(size)],)
