def target(rows, wanted):
    return [want for want in wanted if want in set(rows)]
# ==== after
def target(rows, wanted):
    rows_set = set(rows)
    return [want for want in wanted if want in rows_set]
# ==== inputs
large, faster = 500, 5.0


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], list(range(size))
