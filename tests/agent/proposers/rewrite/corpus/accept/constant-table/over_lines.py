# What is spoken.
def target(number):
    names = [
        "zero",
        "one",  # not "a"
        "two",
        "three",
        "four",
    ]
    return names[number % len(names)]
# ==== after
_NAMES = [
    "zero",
    "one",  # not "a"
    "two",
    "three",
    "four",
]


# What is spoken.
def target(number):
    return _NAMES[number % len(_NAMES)]
# ==== inputs
large, faster = 30, 1.02


def inputs(random, size):
    return (random.randrange(size),)
