"""Large sets, from which scattered halves are removed at once."""

import random

from boltons.setutils import IndexedSet

sizes = (4_000, 16_000)


def make_input(seed, size):
    rng = random.Random(seed)
    items = rng.sample(range(10 * size), size)
    return items, rng.sample(items, size // 2), rng.sample(items, size // 2)


def run(given):
    items, dropped, wanted = given
    left = IndexedSet(items)
    left.difference_update(set(dropped))
    common = IndexedSet(items)
    common.intersection_update(set(wanted))
    return list(left), list(common)
