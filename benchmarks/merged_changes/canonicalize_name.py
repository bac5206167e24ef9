"""Names of projects as people write them, most of them canonical already."""

import random

from packaging.utils import canonicalize_name

WORDS = ("django", "Flask", "py", "test", "Zope", "interface", "cov", "typing", "extensions", "ruamel", "yaml", "SQL")
sizes = (1_000, 10_000)


def make_input(seed, size):
    rng = random.Random(seed)
    separators = ("-", "-", "-", "_", ".", "-_", "__")
    return [rng.choice(separators).join(rng.choices(WORDS, k=rng.randint(1, 4))) for _ in range(size)]


def run(names):
    return [canonicalize_name(name) for name in names]
