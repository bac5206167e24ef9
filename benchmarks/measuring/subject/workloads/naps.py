"""Calls of `naps.work`."""

import random

import naps

sizes = (1,)


def make_input(seed, size):
    """A number to double."""
    return random.Random(seed).randrange(1 << 30), size


def run(given):
    """Double it."""
    return naps.work(*given)
