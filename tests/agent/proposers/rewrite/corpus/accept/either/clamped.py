def target(values, low, high):
    out = []
    for value in values:
        out.append(min(max(value, low) if value else low, high) + min(value, high))
    return out
# ==== after
def target(values, low, high):
    out = []
    for value in values:
        out.append(min((low if low > value else value) if value else low, high) + (high if high < value else value))
    return out
# ==== inputs
large, faster = 500, 1.1


def inputs(random, size):
    return [random.choice([float("nan"), random.random(), size]) for _ in range(size)], 0, size
