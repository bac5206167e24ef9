def target(pairs):
    return tuple(
        (key, value)
        for key, value in pairs
        if value
    )
# ==== after
def target(pairs):
    return tuple([
        (key, value)
        for key, value in pairs
        if value
    ])
# ==== inputs
large, faster = 500, 1.04


def inputs(random, size):
    return ([(random.random(), random.randrange(2)) for _ in range(size)],)
