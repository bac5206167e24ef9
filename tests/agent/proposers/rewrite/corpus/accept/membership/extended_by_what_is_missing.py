def target(names, more):
    known = [str(name) for name in names]
    known.extend([name for name in more if name not in known])
    return known
# ==== after
def target(names, more):
    known = [str(name) for name in names]
    known_set = set(known)
    known.extend([name for name in more if name not in known_set])
    return known
# ==== inputs
large, faster = 500, 5.0


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], [str(row) for row in range(size)]
