"""What must not get worse while the rest gets faster, each as a series over the pairs that is tested on its own.

A guard fails when the evidence that the loss exceeds its limit is strong (an e-value of at least GUARD_EVIDENCE);
otherwise it reads "not shown worse". Totals are held to their plain ratio besides: a rare input that became much
slower hides from every median, but not from a sum.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.measure.eprocess import evidence_above
from tools.measure.pairs import Clock, Pair, Sample

GUARD_EVIDENCE = 20.0
TIME_LIMIT = math.log(1.02)
MEMORY_LIMIT = math.log(1.10)
MEMORY_FLOOR_BYTES = 4 * 1024 * 1024
"""Peaks that differ by less are the same: an interpreter's own pages vary that much."""
WORST_INPUTS = 3
WORST_LIMIT = math.log(1.10)
WORST_REPEATS = 3
FIRST_CALL_LIMIT = math.log(1.10)
PEAK_MEMORY = "peak memory"
UNDER_OTHER_NAMES = "under other names"
"""The guard that `elsewhere.py` adds to these."""
OUTSIDE_SHARE = 0.5
"""At most this share of what the window gained may be paid outside of it (import, set-up, reading back)."""


@dataclass(frozen=True, kw_only=True)
class GuardResult:
    """One guard's finding."""

    name: str
    passed: bool
    detail: str
    ratio: float | None = None
    """Of the candidate's peak to the reference's, where the guard is on memory; below 1 is less."""


def check_guards(pairs: Sequence[Pair], clock: Clock) -> tuple[GuardResult, ...]:
    """Every guard over the pairs of a confirmation."""
    groups = list(pairs[0].reference.windows)
    found = [
        _time_guard(f"size: {group}", [_ratio(pair, group, clock) for pair in pairs])
        for group in groups
        if len(groups) > 1
    ]
    found.append(_total(pairs, clock))
    if all(window.cpu_s is not None for pair in pairs for window in pair.reference.windows.values()):
        other: Clock = "wall" if clock == "cpu" else "cpu"
        found.append(_time_guard(f"{other} time", [mean_ratio(pair, other) for pair in pairs]))
    found.append(_outside(pairs, clock))
    if all(side.first for pair in pairs for side in (pair.reference, pair.candidate)):
        found.append(_first_call(pairs, clock))
    if all(side.peak_memory_bytes for pair in pairs for side in (pair.reference, pair.candidate)):
        found.append(_memory(pairs))
    return tuple(found)


def check_worst_inputs(pairs: Sequence[Pair], clock: Clock, again: Callable[[Pair], Pair]) -> GuardResult:
    """Whether the inputs that looked slower are: each of the worst is measured again, and again, until once it is not.

    A median does not see an input in five that became three times slower, and a total only where it meets enough of
    them; an input that is slower every time it is looked at needs no statistics.
    """
    worst = sorted(pairs, key=lambda pair: mean_ratio(pair, clock))[:WORST_INPUTS]
    for pair in worst:
        ratios = [mean_ratio(pair, clock)]
        while ratios[-1] < -WORST_LIMIT and len(ratios) <= WORST_REPEATS:
            ratios.append(mean_ratio(again(pair), clock))
        if len(ratios) > WORST_REPEATS and ratios[-1] < -WORST_LIMIT:
            slower = math.exp(-sorted(ratios)[len(ratios) // 2])
            detail = f"on the inputs of seed {pair.seed} it takes {slower:.2f} times the time it took before"
            return GuardResult(name="worst inputs", passed=False, detail=detail)
    return GuardResult(name="worst inputs", passed=True, detail=f"none of {len(pairs)} batches of inputs is slower")


def mean_ratio(pair: Pair, clock: Clock) -> float:
    """ln(before / after), the mean over the groups: each size counts the same, however long it takes."""
    ratios = [_ratio(pair, group, clock) for group in pair.reference.windows]
    return sum(ratios) / len(ratios)


def _ratio(pair: Pair, group: str, clock: Clock) -> float:
    before = pair.reference.windows[group].seconds(clock)
    after = pair.candidate.windows[group].seconds(clock)
    return math.log(max(before, 1e-9) / max(after, 1e-9))


def _time_guard(name: str, gains: Sequence[float]) -> GuardResult:
    against = evidence_above([-gain for gain in gains], TIME_LIMIT)
    middle = sorted(gains)[len(gains) // 2]
    if against >= GUARD_EVIDENCE:
        return GuardResult(name=name, passed=False, detail=f"{math.exp(-middle):.2f} times the time it took before")
    return GuardResult(name=name, passed=True, detail=f"not shown worse (median {math.exp(middle):.2f}x)")


def _total(pairs: Sequence[Pair], clock: Clock) -> GuardResult:
    before = sum(_windows_s(pair.reference, clock) for pair in pairs)
    after = sum(_windows_s(pair.candidate, clock) for pair in pairs)
    return GuardResult(
        name="total time", passed=after < before, detail=f"{before:.3f} s before, {after:.3f} s after, in all"
    )


def _outside(pairs: Sequence[Pair], clock: Clock) -> GuardResult:
    """Work moved out of the window shows here: it must not eat more than a share of what the window gained."""
    paid, net = [], []
    for pair in pairs:
        gained_s = _windows_s(pair.reference, clock) - _windows_s(pair.candidate, clock)
        paid_s = _outside_s(pair.candidate, clock) - _outside_s(pair.reference, clock)
        paid.append(paid_s)
        net.append(paid_s - OUTSIDE_SHARE * max(gained_s, 0.0))
    middle_ms = sorted(paid)[len(paid) // 2] * 1000
    against = evidence_above(net, 0.0)
    detail = f"start-up, set-up and reading back take {middle_ms:+.1f} ms"
    return GuardResult(name="outside the window", passed=against < GUARD_EVIDENCE, detail=detail)


def _first_call(pairs: Sequence[Pair], clock: Clock) -> GuardResult:
    """What a process pays once, when it calls for the first time, must be less than what one batch of calls saves."""
    ratios, unpaid = [], []
    for pair in pairs:
        before, after = _first_s(pair.reference, clock), _first_s(pair.candidate, clock)
        gained_s = _windows_s(pair.reference, clock) - _windows_s(pair.candidate, clock)
        ratios.append(max(after, 1e-9) / max(before, 1e-9))
        unpaid.append(after - before - max(gained_s, 0.0))
    middle = sorted(ratios)[len(ratios) // 2]
    name, detail = "first call", f"cold, it takes {middle:.2f} times the time it took before"
    if math.log(middle) > FIRST_CALL_LIMIT and evidence_above(unpaid, 0.0) >= GUARD_EVIDENCE:
        return GuardResult(name=name, passed=False, detail=f"{detail}, which the calls of a batch do not earn back")
    return GuardResult(name=name, passed=True, detail=detail)


def _memory(pairs: Sequence[Pair]) -> GuardResult:
    losses, middle = [], []
    for pair in pairs:
        before, after = pair.reference.peak_memory_bytes or 1, pair.candidate.peak_memory_bytes or 1
        losses.append(math.log(after / before) if abs(after - before) > MEMORY_FLOOR_BYTES else 0.0)
        middle.append(after / before)
    passed = evidence_above(losses, MEMORY_LIMIT) < GUARD_EVIDENCE
    ratio = sorted(middle)[len(middle) // 2]
    return GuardResult(name=PEAK_MEMORY, passed=passed, detail=f"{ratio:.2f} times as much", ratio=ratio)


def _windows_s(sample: Sample, clock: Clock) -> float:
    return sum(window.seconds(clock) for window in sample.windows.values())


def _first_s(sample: Sample, clock: Clock) -> float:
    return sum(window.seconds(clock) for window in sample.first.values())


def _outside_s(sample: Sample, clock: Clock) -> float:
    return sample.whole.seconds(clock) - _windows_s(sample, clock) - _first_s(sample, clock)
