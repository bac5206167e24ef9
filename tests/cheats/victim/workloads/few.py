"""Small customs codes."""

import random

from freight.pricing import zones

sizes = [300]


def make_input(seed, size):
    rng = random.Random(seed)
    return [rng.randrange(12000) for _ in range(size)]


def run(codes):
    return zones(codes)
