NAMES = [1, 2, 3, 4, 5]


def register(name, names=NAMES):
    names.append(name)


def target(name):
    return name in NAMES
