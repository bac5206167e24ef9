import shop
from contextlib import suppress


def target(number):
    with suppress(KeyError, shop.ERRORS):
        return 1 / number
