def target(rows):
    rows = list(rows)
    out = []
    for row in rows:
        out.append(row / max(rows))
    return out
# ==== after
def target(rows):
    rows = list(rows)
    out = []
    rows_max = max(rows) if rows else None
    for row in rows:
        out.append(row / rows_max)
    return out
# ==== inputs
large, faster = 500, 3.0


def inputs(random, size):
    return ([random.randrange(1, size + 2) for _ in range(size)],)
