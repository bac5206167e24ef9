def target(words, stop):
    known = frozenset(stop)
    return [all(word not in known for word in words)]
# ==== after
def target(words, stop):
    known = frozenset(stop)
    return [known.isdisjoint(words)]
# ==== inputs
large, faster = 500, 1.5


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], [size + i for i in range(size)]
