def target(rows: list):
    return sum(rows) / 2 if sum(rows) > 10 else sum(rows)
# ==== after
def target(rows: list):
    rows_sum = sum(rows)
    return rows_sum / 2 if rows_sum > 10 else rows_sum
# ==== inputs
large, faster = 5000, 1.3


def inputs(random, size):
    return ([random.randrange(size) for _ in range(size)],)
