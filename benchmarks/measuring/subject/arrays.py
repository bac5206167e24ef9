"""NumPy: as much work as UNITS says, and a result that does not depend on how much that was."""

import numpy

UNITS = 231
RARE_UNITS = 231
NUMBERS = numpy.linspace(0.0, 9.0, 1500)


def work(value, size):
    """The value doubled, after `size` times the units of work that its kind of input takes."""
    units = RARE_UNITS if value % 5 == 0 else UNITS
    for _ in range(units * size):
        (numpy.sqrt(NUMBERS + value % 7) * NUMBERS).sum()
    return 2 * value
