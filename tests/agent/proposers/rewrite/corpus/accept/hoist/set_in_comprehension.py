def target(text, other):
    names = str(other).split()
    return [word for word in str(text).split() if word not in set(names)]
# ==== after
def target(text, other):
    names = str(other).split()
    names_set = set(names)
    return [word for word in str(text).split() if word not in names_set]
# ==== inputs
large, faster = 500, 3.0


def inputs(random, size):
    words = [str(random.randrange(size)) for _ in range(size)]
    return " ".join(words), " ".join(words[: size // 2])
