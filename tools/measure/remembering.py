"""Whether a candidate keeps results from one call to the next: seen by giving it the same inputs twice.

A result that is kept makes repeated inputs free. Where a batch repeats inputs more often than the real workload does,
that would look like speed; what keeps results is therefore timed with no input given twice (see `Plan.distinct`).
"""

from dataclasses import replace
from statistics import median

from tools.measure.batches import Plan
from tools.measure.cores import CoreLocks
from tools.workload.session import Side
from tools.workload.workload import WorkloadKind

TIMES = 3
LEAST_S = 0.001
"""Batches that take less say nothing: asking and answering alone take a good part of it."""
AGAIN = ("second", "third", "fourth", "fifth")
"""Further passes: some keep a result only once an input has come back."""
KEPT_BELOW = 0.7
"""A further pass over the same inputs that takes less than this share of the first, in terms of the reference's."""


def keeps_results(reference: Side, candidate: Side, plan: Plan, cores: CoreLocks, *, seed: int) -> bool | None:
    """Whether the candidate is quicker on inputs that come back where the reference is not; None where there is too
    little to time. Raises TargetFailed.
    """
    if plan.workload.kind is WorkloadKind.COMMAND:
        return False  # every run of a command is a process of its own
    shares: dict[bool, list[float]] = {True: [], False: []}
    for number in range(TIMES):
        for is_reference, side in ((True, reference), (False, candidate)):
            with cores.take() as core:
                shares[is_reference] += _again_by_first(side, plan, core, seed + number)
    if not shares[True] or not shares[False]:
        return None
    return median(shares[False]) < KEPT_BELOW * median(shares[True])


def _again_by_first(side: Side, plan: Plan, core: int, seed: int) -> list[float]:
    """For each group: time of the best further pass over the same inputs / of the first, once others warmed up."""
    plan = replace(plan, distinct=True)
    shares = []
    with side.session(plan.workload, hash_seed=seed % (1 << 32), core=core) as session:
        for name, items in plan.batches(seed).items():
            passes = {"first": items, **dict.fromkeys(AGAIN, items)}
            if plan.workload.kind is not WorkloadKind.BENCHMARK:  # which has no other inputs to warm up on
                passes = {"warm": plan.batches(seed + 1)[name], **passes}
            for group, batch in passes.items():
                session.ask("prepare", group=group, items=batch, distinct=True)
            took_s = {}
            for group in passes:
                _, begun, ended = session.timed("run", group=group)
                cpu = begun.cpu_s is not None and ended.cpu_s is not None
                took_s[group] = ended.cpu_s - begun.cpu_s if cpu else ended.wall_s - begun.wall_s  # type: ignore[operator]
            if took_s["first"] >= LEAST_S:
                shares.append(min(took_s[again] for again in AGAIN) / took_s["first"])
    return shares
