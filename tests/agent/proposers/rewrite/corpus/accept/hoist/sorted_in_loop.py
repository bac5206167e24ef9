def target(rows: list[int], wanted):
    out = []
    for want in wanted:
        out.append(want in sorted(rows))
    return out
# ==== after
def target(rows: list[int], wanted):
    out = []
    rows_sorted = sorted(rows)
    for want in wanted:
        out.append(want in rows_sorted)
    return out
# ==== inputs
large, faster = 500, 3.0


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], list(range(size))
