from fractions import Fraction


def target(amount):
    raise ValueError(Fraction(1, 2))
