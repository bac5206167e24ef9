"""How many instructions each side executes for the same few inputs, at one hash seed.

A count repeats where a time does not, but it is not a time: memory that is read in a bad order costs the same
instructions. So counts turn down what no clock could tell apart, and explain; they never accept.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from tools.measure.batches import BATCH_S, Item, Plan
from tools.measure.cores import CoreLocks
from tools.workload.session import Side, TargetFailed
from tools.workload.workload import WorkloadKind

MOST_EXPECTED_S = 8.0
"""A count that is expected to take longer is not made."""
GIVEN_UP_S = 30.0
"""One side's count is ended after this long."""
WINDOW_S = 0.012
"""Of work, as it goes without counting: a batch for counting is made of this much."""


class CannotCount(Exception):
    """Why there is no count, in words."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The items of one workload that are counted, by group."""

    plan: Plan
    items: Mapping[str, Sequence[Item]]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Instructions of both sides for the same inputs."""

    tool: str
    before: int
    after: int


class Counter(Protocol):
    """A way to count."""

    @property
    def name(self) -> str:
        """Of the tool."""

    @property
    def slowdown(self) -> float:
        """How much longer the work takes while it is counted."""

    @property
    def slowdown_outside(self) -> float:
        """The same for a process's start and the making of inputs, which are not counted."""

    def count(self, side: Side, batch: Batch, *, hash_seed: int, core: int) -> int:
        """Instructions of one side; raises CannotCount, and TargetFailed where its code does not run under it."""


def count_sides(
    counter: Counter,
    reference: Side,
    candidate: Side,
    plans: Sequence[Plan],
    *,
    seed: int,
    cores: CoreLocks,
    most_s: float | None = None,
) -> Counts:
    """Both sides' instructions on inputs drawn from `seed`, side by side where there are cores; raises CannotCount,
    also where it is expected to take longer than `most_s`, or else MOST_EXPECTED_S."""
    hash_seed = seed % (1 << 32)
    batches = [_small(plan, seed, share=1 / len(plans)) for plan in plans]
    reference, candidate = _limited(reference), _limited(candidate)

    def count(side: Side) -> int:
        with cores.take() as core:
            return sum(counter.count(side, batch, hash_seed=hash_seed, core=core) for batch in batches)

    try:
        expected_s = sum(_expected_s(counter, reference, batch, hash_seed) for batch in batches)
        if expected_s > (MOST_EXPECTED_S if most_s is None else most_s):
            raise CannotCount(f"it would take about {expected_s:.0f} s under {counter.name}")
        with ThreadPoolExecutor(2) as pool:
            before, after = pool.map(count, (reference, candidate))
    except TargetFailed as error:
        raise CannotCount(f"it does not run under {counter.name}: {str(error).splitlines()[0]}") from error
    if not before:
        raise CannotCount(f"{counter.name} counts no instruction of the unchanged code")
    return Counts(tool=counter.name, before=before, after=after)


def _expected_s(counter: Counter, side: Side, batch: Batch, hash_seed: int) -> float:
    """How long counting takes, from one run that is not counted; both sides wait for each other on a single core."""
    with side.session(batch.plan.workload, hash_seed=hash_seed) as session:
        took_s = 0.0
        for name, items in batch.items.items():
            session.ask("prepare", group=name, items=items, commands=items)
            _, start, end = session.timed("run", group=name)
            took_s += end.wall_s - start.wall_s if end.cpu_s is None else end.cpu_s - (start.cpu_s or 0.0)
        finished = session.close()
    whole_s = finished.wall_s if finished.cpu_s is None else finished.cpu_s
    turns = 1 if len(os.sched_getaffinity(0)) > 1 else 2
    return turns * (counter.slowdown * took_s + counter.slowdown_outside * max(whole_s - took_s, 0.0))


def _limited(side: Side) -> Side:
    return replace(side, limits=replace(side.limits, wall_s=min(side.limits.wall_s, GIVEN_UP_S)))


def _small(plan: Plan, seed: int, share: float) -> Batch:
    """A batch of WINDOW_S of work, in which every group has a part; commands run once."""
    part = share * WINDOW_S / BATCH_S / len(plan.groups)
    command = plan.workload.kind is WorkloadKind.COMMAND
    groups = [replace(group, items=1 if command else max(1, round(group.items * part))) for group in plan.groups]
    return Batch(plan=plan, items=replace(plan, groups=tuple(groups)).batches(seed))
