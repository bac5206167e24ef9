"""Which inputs two sides are compared on: recorded ones as they are, and fresh ones that no candidate has seen."""

import random
from dataclasses import dataclass

from tools.workload.session import Opened
from tools.workload.workload import Workload, WorkloadKind

SMALL_SIZES = (0, 1, 2, 3, 5, 8)
SEEDS_PER_SMALL_SIZE = 8
SEEDS_PER_SIZE = 2
WILD_CASES = 120
MILD_CASES = 40
MOST_RECORDED = 64


@dataclass(frozen=True, kw_only=True)
class Case:
    """One call that both sides make."""

    item: tuple[int, int | None, str | None]
    """As `tools/driver/inputs.py` reads it."""
    manner: str = "once"
    """`once`, or what the caller does between two calls: `spoiled` its result, `changed` its arguments in place."""

    @property
    def fresh(self) -> bool:
        """Whether its input was made from a seed."""
        return self.item[1] is not None


def choose_cases(workload: Workload, opened: Opened, seed: int) -> list[Case]:
    """The cases for one comparison: edge sizes first, so that what breaks at once is found at once."""
    rng = random.Random(seed)
    if workload.kind is WorkloadKind.FILE:
        return _file_cases(opened, rng)
    return _recorded_cases(opened, rng)


def _file_cases(opened: Opened, rng: random.Random) -> list[Case]:
    small = [size for size in SMALL_SIZES if size < min(opened.sizes)]
    named = [(size, None) for size in opened.sizes for _ in range(SEEDS_PER_SIZE)]
    chosen = [(size, None) for _ in range(SEEDS_PER_SMALL_SIZE) for size in small] + named
    cases = [Case(item=(size, rng.randrange(1 << 48), None)) for size, _ in chosen]
    again = [(size, manner) for size in [*small[-2:], min(opened.sizes)] for manner in ("spoiled", "changed")]
    return cases + [Case(item=(size, rng.randrange(1 << 48), None), manner=manner) for size, manner in again]


def _recorded_cases(opened: Opened, rng: random.Random) -> list[Case]:
    usable = [index for index, varied in enumerate(opened.varied) if varied is not None][:MOST_RECORDED]
    cases = [Case(item=(index, None, None)) for index in usable]
    cases += [
        Case(item=(index, None, None), manner=manner) for index in usable[:16] for manner in ("spoiled", "changed")
    ]
    varied = [index for index in usable if opened.varied[index]]
    if varied:
        manners = ["wild"] * WILD_CASES + ["mild"] * MILD_CASES
        cases += [Case(item=(rng.choice(varied), rng.randrange(1 << 48), manner)) for manner in manners]
        cases += [
            Case(item=(rng.choice(varied), rng.randrange(1 << 48), "wild"), manner=manner)
            for manner in ("spoiled", "changed")
            for _ in range(8)
        ]
    return cases
