"""A day's planning, as a workload: orders, bins, scans at the gate, queues and racks."""

import random

from shopfloor.day import plan_day
from shopfloor.stock import Bin

sizes = (250,)

CUSTOMERS = ("Miller GmbH", "Adler & Sons", "Bolt Co.", "Kranz KG", "Ito")
NOTES = (
    "Rush",
    "paint RAL 7016",
    "certificate 3.1",
    "call before",
    "gate 4",
    "pallet",
    "handle with care",
    "see drawing",
)


def make_input(seed, size):
    """The arguments of `plan_day` for a day with `size` order lines; bins are plain tuples."""
    rng = random.Random(f"{seed}/{size}")
    parts = [f"{kind}-{number}" for kind in ("BRK", "PIN", "AXL") for number in rng.sample(range(10, 99), 29)]
    notes = [" ".join(rng.choices(NOTES, k=rng.randint(7, 13))) for _ in range(24)]
    export = [
        f"{2000 + number};{rng.choice(CUSTOMERS)};{rng.choice(parts)};{rng.randint(14, 26)};{rng.choice(notes)}"
        for number in range(size)
    ]
    bins = [(f"A{place:03d}", part, rng.randint(1, 20), False) for place, part in enumerate(parts)]
    bins += [(f"Q{place:03d}", f"NUT-{place}", 1, True) for place in range(size * 3 // 2)]
    bins += [("Q999", rng.choice(parts), 1, True)]
    scans = rng.choices([*parts, "BR?-smudge"], k=size * 5)
    queue_lengths = rng.choices(range(1000), k=size * 3 // 2)
    racks = rng.choices(range(21), k=size)
    capacity = sum(racks) + size * rng.randint(8, 16)
    return export, bins, scans, queue_lengths, racks, capacity, 900.0 + rng.randint(0, 200)


def run(day):
    """Plan the day."""
    export, bins, *others = day
    return plan_day(export, [Bin(*shelf) for shelf in bins], *others)
