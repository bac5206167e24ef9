from decimal import Decimal


def target(amount, Decimal):
    return amount + Decimal("0.01")
