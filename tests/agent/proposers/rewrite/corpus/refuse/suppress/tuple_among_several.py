from contextlib import suppress

ERRORS = (ZeroDivisionError, ValueError)


def target(number):
    with suppress(ERRORS, KeyError):
        return 1 / number
