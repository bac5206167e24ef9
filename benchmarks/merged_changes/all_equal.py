"""Short sequences, half of which have equal items throughout."""

import random

from more_itertools import all_equal

sizes = (1_000, 10_000)


def make_input(seed, size):
    rng = random.Random(seed)
    rows = ([rng.randint(0, 9)] * rng.randint(1, 8) for _ in range(size))
    return [row if rng.random() < 0.5 else [*row, 10] for row in rows]


def run(rows):
    return [all_equal(row) for row in rows]
