def target(words, stop):
    known = set(stop)
    if any(word in known for word in words):
        return "yes"
    return "no"
# ==== after
def target(words, stop):
    known = set(stop)
    if not known.isdisjoint(words):
        return "yes"
    return "no"
# ==== inputs
large, faster = 500, 1.5


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], [size + i for i in range(size)]
