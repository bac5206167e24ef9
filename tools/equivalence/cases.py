"""Which inputs two sides are compared on: recorded ones as they are, and fresh ones that no candidate has seen."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.equivalence.constants import Constant
from tools.workload.session import Opened
from tools.workload.workload import Workload, WorkloadKind

SMALL_SIZES = (0, 1, 2, 3, 5, 8)
SEEDS_PER_SMALL_SIZE = 8
SEEDS_PER_SIZE = 2
MOST_SIZES_NEAR_CONSTANTS = 12
EDGE_CASES_PER_CALL = 12
MOST_EDGE_CASES = 260
WILD_CASES = 200
RETYPED_CASES = 36
NAN_CASES = 6
MADE_CASES = 100
MILD_CASES = 40
SHARED_CASES = 24
STREAMED_CASES = 40
ALIASED_CASES = 16
HUGE_CASES = 24
MOST_RECORDED = 64
AGAIN_RECORDED = 16
AGAIN_WILD = 8
AGAIN_EXPLORED = 8
GLANCE_CASES = 80
AGAIN = ("spoiled", "changed", "unasked", "first", "late")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One call that both sides make."""

    item: tuple[int, int | None, str | None]
    """As `tools/driver/inputs.py` reads it."""
    manner: str = "once"
    """What the caller does besides (see `tools/driver/observing.py`)."""
    reductions: tuple[int, ...] = ()
    """Steps that make its input smaller (see `tools/driver/shrink.py`)."""
    shared: bool = False
    """Every candidate of the job meets the same input: what they make of it can be set side by side."""
    told: bool = False
    """Somebody made it up: no test says that there is a caller who gives it."""

    @property
    def fresh(self) -> bool:
        """Whether its input was made from a seed that no candidate has seen."""
        return self.item[1] is not None and not self.shared

    @property
    def retyped(self) -> bool:
        """Whether it has a value of a type that was not recorded there."""
        return "retyped" in (self.item[2] or "")

    @property
    def sent(self) -> list[object]:
        """The item as the driver is asked for it."""
        return [*self.item, *([list(self.reductions)] if self.reductions else [])]


@dataclass(frozen=True, kw_only=True)
class Explored:
    """What looking for inputs has shown."""

    found: Sequence[Case] = ()
    """On the reference."""
    suggested: Sequence[Case] = ()
    """By the candidate's process."""
    types: str = ""
    """Types that the changed code speaks of (see `types_named.py`)."""


def choose_cases(
    workload: Workload,
    opened: Opened,
    seed: int,
    constants: Sequence[Constant] = (),
    explored: "Explored | None" = None,
    shared_seed: int | None = None,
) -> list[Case]:
    """The cases for one comparison: edge sizes first, so that what breaks at once is found at once.

    Those made from `shared_seed` are the same in every comparison of a job. What exploring the reference found comes
    early; what the candidate's process suggested comes late, so that it cannot use up the time of the others.
    """
    rng = random.Random(seed)
    if workload.kind is WorkloadKind.FILE:
        return _shared_sizes(opened, shared_seed) + _file_cases(opened, rng, constants)
    if workload.kind is WorkloadKind.BENCHMARK:
        return [Case(item=(0, None, None))]
    if workload.kind is WorkloadKind.TOLD:
        return [Case(item=(place, None, None), shared=True, told=True) for place in opened.sizes]
    return _recorded_cases(opened, rng, explored or Explored(), shared_seed)


def few_of(cases: Sequence[Case], seed: int) -> list[Case]:
    """Some of the cases, in their order, for a first look: the recorded types alone."""
    usual = [place for place, case in enumerate(cases) if not case.retyped]
    chosen = random.Random(seed).sample(usual, min(len(usual), GLANCE_CASES))
    return [cases[place] for place in sorted(chosen)]


def _file_cases(opened: Opened, rng: random.Random, constants: Sequence[Constant]) -> list[Case]:
    small = [size for size in SMALL_SIZES if size < min(opened.sizes)]
    near = [
        value + step
        for value in constants
        if isinstance(value, int) and 8 < value < max(opened.sizes)
        for step in (-1, 0, 1)
    ]
    chosen = [size for _ in range(SEEDS_PER_SMALL_SIZE) for size in small]
    chosen += near[:MOST_SIZES_NEAR_CONSTANTS]
    chosen += [size for size in opened.sizes for _ in range(SEEDS_PER_SIZE)]
    cases = [Case(item=(size, rng.randrange(1 << 48), None)) for size in chosen]
    again = [(size, manner) for size in [*small[-2:], min(opened.sizes)] for manner in AGAIN]
    return cases + [Case(item=(size, rng.randrange(1 << 48), None), manner=manner) for size, manner in again]


def _shared_sizes(opened: Opened, seed: int | None) -> list[Case]:
    if seed is None:
        return []
    sizes = [*SMALL_SIZES[:4], min(opened.sizes)]
    return [Case(item=(size, seed + place, None), shared=True) for place, size in enumerate(dict.fromkeys(sizes))]


def _shared_calls(opened: Opened, usable: Sequence[int], seed: int | None) -> list[Case]:
    """Mild ones: they are made of the recorded call alone, whatever the candidate's code speaks of."""
    varied = [index for index in usable if opened.varied[index]]
    if seed is None or not varied:
        return []
    items = [(varied[place % len(varied)], seed + place, "mild") for place in range(SHARED_CASES)]
    return [Case(item=item, shared=True) for item in items]


def _recorded_cases(opened: Opened, rng: random.Random, looked: Explored, shared_seed: int | None = None) -> list[Case]:
    explored = looked.found
    usable = [index for index, varied in enumerate(opened.varied) if varied is not None][:MOST_RECORDED]
    cases = [Case(item=(index, None, None), shared=shared_seed is not None) for index in usable]
    cases += _shared_calls(opened, usable, shared_seed)
    cases += [Case(item=(index, None, None), manner=manner) for index in usable[:AGAIN_RECORDED] for manner in AGAIN]
    made = [
        Case(item=(opened.made[place % len(opened.made)], rng.randrange(1 << 48), "made"))
        for place in range(MADE_CASES if opened.made else 0)
    ]
    varied = [index for index in usable if opened.varied[index]]
    if not varied:
        return cases + made

    def fresh(how: str, count: int, manner: str = "once") -> list[Case]:
        return [
            Case(item=(varied[place % len(varied)], rng.randrange(1 << 48), how), manner=manner)
            for place in range(count)
        ]

    rng.shuffle(varied)
    cases += [case for case in explored if not case.retyped]
    some = rng.sample(explored, min(len(explored), AGAIN_EXPLORED * len(AGAIN)))
    cases += [replace(case, manner=AGAIN[place % len(AGAIN)]) for place, case in enumerate(some)]
    cases += fresh("edge", min(EDGE_CASES_PER_CALL * len(varied) + 80, MOST_EDGE_CASES))
    cases += made + fresh("wild", WILD_CASES) + fresh("mild", MILD_CASES)
    for manner in AGAIN:
        cases += fresh("wild", AGAIN_WILD, manner)
    cases += fresh("aliased", ALIASED_CASES)
    for place in opened.streams:
        for manner in ("once", "once", "first", "unasked"):
            cases += fresh(f"streamed {place}", STREAMED_CASES // 4 // len(opened.streams) + 1, manner)
    cases += [case for case in looked.suggested if case not in explored]
    # Late, for few functions survive them, and a process that hangs or dies costs time.
    cases += fresh("huge", HUGE_CASES)
    retyped = fresh(f"retyped {looked.types}", RETYPED_CASES) + fresh("retyped NaN", NAN_CASES)
    retyped += [case for case in [*explored, *cases] if case.retyped]
    # Last, for a table of results takes 1 for 1.0: a call with the one shows in those with the other that follow.
    return [case for case in cases if not case.retyped] + list(dict.fromkeys(retyped))
