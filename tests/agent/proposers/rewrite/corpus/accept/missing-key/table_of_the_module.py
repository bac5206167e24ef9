NAMES = {"&": "amp", "<": "lt"}


def one(letter):
    return target(letter)


def target(letter: str):
    try:
        return NAMES[letter]
    except KeyError:
        return None
# ==== after
NAMES = {"&": "amp", "<": "lt"}


def one(letter):
    return target(letter)


def target(letter: str):
    return NAMES.get(letter)
# ==== inputs
large, faster = 30, 1.2


def inputs(random, size):
    return (random.choice("abcdefgh")[: size],)
