map = {}


def target(text):
    return sum(int(digit) for digit in text)
