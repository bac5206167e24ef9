NAMES = [1, 2, 3, 4, 5]
KNOWN = NAMES


def register(name, *, names=KNOWN):
    names += [name]


def target(name):
    return name in NAMES
