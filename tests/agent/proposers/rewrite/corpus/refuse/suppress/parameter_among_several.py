from contextlib import suppress


def target(number, caught):
    with suppress(KeyError, caught):
        return 1 / number
