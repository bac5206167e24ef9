"""Two tours with half of their stops in common."""

import random

from freight.stops import common

sizes = [40, 160]


def make_input(seed, size):
    rng = random.Random(seed)
    return [rng.randrange(2 * size) for _ in range(size)], [rng.randrange(2 * size) for _ in range(size)]


def run(tours):
    return common(*tours)
