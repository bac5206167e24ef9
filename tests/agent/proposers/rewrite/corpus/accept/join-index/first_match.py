def target(rows, pairs):
    known = list(pairs)
    out = []
    for row in rows:
        for key, value in known:
            if key == row and value:
                out.append(value)
                break
    return out
# ==== after
def target(rows, pairs):
    known = list(pairs)
    out = []
    known_by_key = {}
    for key, value in known:
        known_by_key.setdefault(key, []).append((key, value))
    for row in rows:
        for key, value in known_by_key.get(row, ()):
            if key == row and value:
                out.append(value)
                break
    return out
# ==== inputs
large, faster = 500, 5.0


def inputs(random, size):
    rows = [random.randrange(size + 1) for _ in range(size)]
    return rows, [(random.randrange(size + 1), random.randrange(2)) for _ in range(size)]
