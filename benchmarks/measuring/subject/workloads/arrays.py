"""Calls of `arrays.work`."""

import random

import arrays

sizes = (1,)


def make_input(seed, size):
    """A number to double."""
    return random.Random(seed).randrange(1 << 30), size


def run(given):
    """Double it."""
    return arrays.work(*given)
