def target(groups, text):
    stop = text.split(",")
    words = str(text).split(",")
    found = 0
    for group in groups:
        for word in group:
            if word in words or word not in words:
                found += 1
    return found, stop
# ==== after
def target(groups, text):
    stop = text.split(",")
    words = str(text).split(",")
    found = 0
    words_set = set(words)
    for group in groups:
        for word in group:
            if word in words_set or word not in words_set:
                found += 1
    return found, stop
# ==== inputs
large, faster = 60, 2.0


def inputs(random, size):
    return [[str(random.randrange(size + 1)) for _ in range(size)] for _ in range(size)], ",".join(map(str, range(size)))
