from decimal import Decimal


def target(amount):
    return amount + Decimal("a cent")
