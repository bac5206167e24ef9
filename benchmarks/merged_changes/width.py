"""Cells of a table on a terminal: most are plain ASCII, some are CJK, accented or coloured."""

import random

from wcwidth import width

sizes = (100, 1_000)


def make_input(seed, size):
    rng = random.Random(seed)
    return [cell(rng) for _ in range(size)]


def cell(rng):
    plain = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz ABC0123456789.,-", k=rng.randint(1, 40)))
    kind = rng.random()
    if kind < 0.8:
        return plain
    if kind < 0.9:
        return plain + rng.choice(("コンニチハ", "é", "naïve", "한국어"))
    return f"\x1b[3{rng.randint(1, 7)}m{plain}\x1b[0m"


def run(cells):
    return [width(cell) for cell in cells]
