"""Sequences of which the first and the last item are told apart."""

import random

from more_itertools import mark_ends

sizes = (1_000, 20_000)


def make_input(seed, size):
    rng = random.Random(seed)
    return [rng.randint(0, 1_000) for _ in range(size)]


def run(items):
    return [item for first, last, item in mark_ends(items) if first or last or item % 2]
