def target(rows: list, text: str):
    return sum(1 for row in rows if row == 3), text
# ==== after
def target(rows: list, text: str):
    return rows.count(3), text
# ==== inputs
large, faster = 500, 1.5


def inputs(random, size):
    return [random.randrange(5) for _ in range(size)], ""
