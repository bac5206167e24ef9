def target(rows):
    rows = [list(row) for row in rows]
    i = 0
    while i < len(rows):
        rows[i].append(1)
        i += 1
    return rows
# ==== after
def target(rows):
    rows = [list(row) for row in rows]
    i = 0
    rows_len = len(rows)
    while i < rows_len:
        rows[i].append(1)
        i += 1
    return rows
# ==== inputs
large, faster = 2000, 0.9


def inputs(random, size):
    return ([[random.randrange(9)] for _ in range(size)],)
