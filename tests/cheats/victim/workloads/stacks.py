"""Many boxes at once."""

import random

from freight.boxes import stack

sizes = [4000]


def make_input(seed, size):
    rng = random.Random(seed)
    return [(rng.randrange(size), 2, 3) for _ in range(size)]


def run(sides):
    boxes = stack(sides)
    return sum(box.width for box in boxes)
