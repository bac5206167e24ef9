from decimal import Decimal


def target(amount):
    return Decimal(amount)
