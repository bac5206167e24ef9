"""Calls of `pure.work`, one to a batch."""

import random

import pure

sizes = (80,)


def make_input(seed, size):
    """A number to double."""
    return random.Random(seed).randrange(1 << 30), size


def run(given):
    """Double it."""
    return pure.work(*given)
