def target(rows: list = None):
    out = []
    while rows:
        row = rows[0]
        rows = rows[1:]
        out.append(row)
    return out
# ==== after
def target(rows: list = None):
    out = []
    for row in list(rows or ()):
        out.append(row)
    return out
# ==== inputs
large, faster = 4000, 5.0


def inputs(random, size):
    return () if size == 1 else (None,) if size == 2 else (list(range(size)),)
