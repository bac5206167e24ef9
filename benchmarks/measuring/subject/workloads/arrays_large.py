"""Calls of `arrays.work`, one to a batch."""

import random

import arrays

sizes = (70,)


def make_input(seed, size):
    """A number to double."""
    return random.Random(seed).randrange(1 << 30), size


def run(given):
    """Double it."""
    return arrays.work(*given)
