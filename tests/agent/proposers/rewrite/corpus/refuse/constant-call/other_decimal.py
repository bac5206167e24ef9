from money import Decimal


def target(amount):
    return amount + Decimal("0.01")
