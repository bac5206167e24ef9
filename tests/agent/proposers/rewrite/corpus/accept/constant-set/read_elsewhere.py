WORDS = ("a", "b", "c", "d", "e")
OTHERS = []


def other(rows):
    OTHERS.append(WORDS[0])
    OTHERS[0] = WORDS.index("b")
    return list(WORDS)


def target(rows):
    return [row for row in rows if row in WORDS]
# ==== after
WORDS = ("a", "b", "c", "d", "e")
WORDS_SET = frozenset(WORDS)
OTHERS = []


def other(rows):
    OTHERS.append(WORDS[0])
    OTHERS[0] = WORDS.index("b")
    return list(WORDS)


def target(rows):
    return [row for row in rows if row in WORDS_SET]
# ==== inputs
large, faster = 5000, 1.05


def inputs(random, size):
    return ([random.choice("xyze") for _ in range(size)],)
