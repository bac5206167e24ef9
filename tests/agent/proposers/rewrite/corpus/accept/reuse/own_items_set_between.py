def target(rows: list[int]):
    found = {}
    found["first"] = sum(rows)
    found["again"] = sum(rows) + 1
    return found
# ==== after
def target(rows: list[int]):
    found = {}
    rows_sum = sum(rows)
    found["first"] = rows_sum
    found["again"] = rows_sum + 1
    return found
# ==== inputs
large, faster = 5000, 1.3


def inputs(random, size):
    return ([random.randrange(size) for _ in range(size)],)
