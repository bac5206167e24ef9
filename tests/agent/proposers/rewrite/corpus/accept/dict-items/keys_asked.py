def target(table):
    return {key: table[key] * 2 for key in table.keys()}
# ==== after
def target(table):
    return {key: value * 2 for key, value in table.items()}
# ==== inputs
large, faster = 500, 1.02


def inputs(random, size):
    return ({f"a{random.randrange(size)}": random.randrange(9) for _ in range(size)},)
