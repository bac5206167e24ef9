from decimal import ROUND_HALF_UP, Decimal


def target(amounts):
    return [str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP)) for amount in amounts]
# ==== after
from decimal import ROUND_HALF_UP, Decimal


_DECIMAL_0_01 = Decimal("0.01")


def target(amounts):
    return [str(amount.quantize(_DECIMAL_0_01, ROUND_HALF_UP)) for amount in amounts]
# ==== inputs
large, faster = 200, 1.1


def inputs(random, size):
    from decimal import Decimal

    return ([Decimal(random.randrange(10**6)) / 1000 for _ in range(size)],)
