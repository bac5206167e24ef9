def target(rows: list):
    out = []
    while rows:
        row = rows[0]
        rows = rows[1:]
        if row < 0:
            break
        out.append(row)
    return out
# ==== after
def target(rows: list):
    out = []
    for row in list(rows or ()):
        if row < 0:
            break
        out.append(row)
    return out
# ==== inputs
large, faster = 4000, 5.0


def inputs(random, size):
    return ([random.randrange(-1, size * 20) for _ in range(size)],)
