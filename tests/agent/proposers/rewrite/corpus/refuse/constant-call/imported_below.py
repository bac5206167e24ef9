def target(amount):
    return amount + Decimal("0.01")


from decimal import Decimal
