"""Waiting: a delay as long as UNITS says, for which no processor is needed."""

import time

UNITS = 231
RARE_UNITS = 231
UNIT_S = 0.00028


def work(value, size):
    """The value doubled, after `size` times the delay that its kind of input takes."""
    units = RARE_UNITS if value % 5 == 0 else UNITS
    time.sleep(units * size * UNIT_S)
    return 2 * value
