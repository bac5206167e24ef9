"""Boxes that are made before the clock starts."""

import random

from freight.boxes import Box, distinct

sizes = [120]


def make_input(seed, size):
    rng = random.Random(seed)
    return [Box(rng.randrange(size), 2, 3) for _ in range(size)]


def run(boxes):
    return [box.width for box in distinct(boxes)]
