def target(rows, prices):
    return [row for row in rows if row in list(prices.keys())]
# ==== after
def target(rows, prices):
    return [row for row in rows if row in prices.keys()]
# ==== inputs
large, faster = 400, 5.0


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], {random.randrange(size): 1 for _ in range(size)}
