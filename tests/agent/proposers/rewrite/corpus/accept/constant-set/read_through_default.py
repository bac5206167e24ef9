NAMES = ["ant", "bee", "cat", "dog", "elk"]


def is_named(name, names=NAMES):
    return name in names


def target(words):
    return [word for word in words if word in NAMES]
# ==== after
NAMES = ["ant", "bee", "cat", "dog", "elk"]
NAMES_SET = frozenset(NAMES)


def is_named(name, names=NAMES):
    return name in names


def target(words):
    return [word for word in words if word in NAMES_SET]
# ==== inputs
large, faster = 3000, 1.2


def inputs(random, size):
    return ([random.choice(["elk", "fox", "gnu"]) for _ in range(size)],)
