def target(words: list, stop):
    known = set(stop)
    return all(word in known for word in words)
# ==== after
def target(words: list, stop):
    known = set(stop)
    return known.issuperset(words)
# ==== inputs
large, faster = 500, 1.5


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], list(range(size))
