"""Screening and confirmation: how many pairs to take and when to stop, as pure functions over a stream of pairs.

Screening is cheap and decides only whether a confirmation is worth its share of alpha. The confirmation alone is ever
reported; it uses fresh pairs and is held to a level that shrinks with each confirmation of a job, so that the chance of
*any* false "faster" in a job stays below `JOB_ALPHA` however many candidates are tried (the levels sum to it).
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tools.measure.eprocess import estimate, evidence_above, evidence_below
from tools.measure.estimate import Estimate
from tools.measure.guards import GuardResult, check_guards, check_worst_inputs, mean_ratio
from tools.measure.pairs import Clock, Pair

JOB_ALPHA = 0.01
SCREEN_PAIRS = 12
SCREEN_EVIDENCE = 5.0
CONFIRM_PAIRS = 60
HOPELESS_EVIDENCE = 10.0
HOPED_BEYOND = 0.03
"""Giving up starts when gains of `min_gain` plus this are ruled out."""
LEAST_INPUTS = 44
"""Inputs that a gain is seen on before it counts: what a fifth of them shows is missed once in 18,000 times."""
CLOCK_PAIRS = 2
"""Pairs that the clock is chosen on."""
UNDECIDED_POSITIVE = "undecided, with a positive median"
"""How a screening ends that could not tell."""
BUSY_SHARE = 0.95
"""Processor time is the clock where the reference computes for at least this share of the time that it has a processor:
waiting for one is the host's doing and tells nothing about the code."""


class Decision(StrEnum):
    """How a screening or a confirmation ended."""

    FASTER = "faster"
    NOT_FASTER = "not faster"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a stream of pairs showed."""

    decision: Decision
    detail: str
    speedup: Estimate
    clock: Clock
    pairs: tuple[Pair, ...]
    guards: tuple[GuardResult, ...] = ()
    alpha: float | None = None


def alpha_of(k: int) -> float:
    """The level of a job's k-th confirmation, k from 1: 6 / (pi^2 k^2) of JOB_ALPHA, which sums to JOB_ALPHA."""
    return JOB_ALPHA * 6 / (math.pi**2 * k**2)


def hoped_gain(min_gain: float, hoped: float | None) -> float:
    """The gain below which it is worth giving up."""
    return min_gain + HOPED_BEYOND if hoped is None else max(hoped, min_gain)


def screen(pairs: Iterable[Pair], clock: Clock, *, min_gain: float, hoped: float | None = None) -> Finding:
    """FASTER when a confirmation is worth it: some gain is likely, or the cap came with a positive median."""
    least, hopeless = math.log1p(min_gain), math.log1p(hoped_gain(min_gain, hoped))
    seen: list[Pair] = []
    gains: list[float] = []
    for pair in pairs:
        seen.append(pair)
        gains.append(mean_ratio(pair, clock))
        if evidence_above(gains, 0.0) >= SCREEN_EVIDENCE:
            return _finding(Decision.FASTER, "some gain is likely", seen, gains, clock)
        if _is_hopeless(gains, least, hopeless):
            return _finding(
                Decision.NOT_FASTER, f"gains of {math.expm1(hopeless):.0%} are ruled out", seen, gains, clock
            )
        if len(gains) >= SCREEN_PAIRS:
            break
    if sorted(gains)[len(gains) // 2] > 0:
        return _finding(Decision.FASTER, UNDECIDED_POSITIVE, seen, gains, clock)
    return _finding(Decision.NOT_FASTER, f"the median of {len(gains)} pairs is no gain", seen, gains, clock)


def confirm(
    pairs: Iterable[Pair],
    clock: Clock,
    *,
    min_gain: float,
    alpha: float,
    hoped: float | None = None,
    inputs_each: int = LEAST_INPUTS,
    screened: Sequence[Pair] = (),
    again: Callable[[Pair], Pair] | None = None,
) -> Finding:
    """FASTER only when a gain of at most `min_gain` is ruled out at level `alpha`; guards are checked at the end.

    `inputs_each` is how many inputs of a group one pair runs on: pairs go on until LEAST_INPUTS were tried, for what
    is slower on some inputs only must have met one. The inputs of the `screened` pairs count among them, and are looked
    at for slow ones; the gain is estimated without them. `again` measures the inputs of a pair once more. Where the
    pairs end before that, nothing is decided.
    """
    least, hopeless = math.log1p(min_gain), math.log1p(hoped_gain(min_gain, hoped))
    seen: list[Pair] = []
    gains: list[float] = []
    decision, detail, tried = Decision.UNDECIDED, "", 0
    for pair in pairs:
        seen.append(pair)
        gains.append(mean_ratio(pair, clock))
        if decision is Decision.UNDECIDED and evidence_above(gains, least) >= 1 / alpha:
            decision, detail = Decision.FASTER, f"a gain of {min_gain:.0%} or less is ruled out at level {alpha:.2g}"
        if decision is Decision.UNDECIDED and _is_hopeless(gains, least, hopeless):
            decision, detail = Decision.NOT_FASTER, f"gains of {math.expm1(hopeless):.0%} are ruled out"
            break
        tried = (len(gains) + len(screened)) * inputs_each
        if len(gains) >= CONFIRM_PAIRS or (decision is Decision.FASTER and tried >= LEAST_INPUTS):
            break
    if decision is Decision.FASTER and tried < LEAST_INPUTS:  # the pairs came to their end before
        decision, detail = Decision.UNDECIDED, f"{detail}, but there was no time for {LEAST_INPUTS} inputs"
    elif decision is Decision.UNDECIDED:
        time = "" if len(gains) >= CONFIRM_PAIRS else " in the time there was"
        detail = f"{len(gains)} pairs did not decide{time}"
    guards = check_guards(seen, clock)
    if decision is Decision.FASTER and again is not None:
        guards = (*guards, check_worst_inputs([*screened, *seen], clock, again))
    return _finding(decision, detail, seen, gains, clock, guards, alpha)


def clock_for(pairs: Sequence[Pair]) -> Clock:
    """Processor time where the reference computes for nearly all of its windows, wall time otherwise.

    The busiest pair says so: a program that waits by itself waits every time, one that is kept waiting does not.
    """
    windows = [window for pair in pairs for window in pair.reference.windows.values()]
    if not windows or any(window.cpu_s is None for window in windows):
        return "wall"
    return "cpu" if max(map(_busy_share, pairs)) >= BUSY_SHARE else "wall"


def _busy_share(pair: Pair) -> float:
    windows = pair.reference.windows.values()
    used_s = sum(window.cpu_s or 0.0 for window in windows)
    had_s = sum(max(window.wall_s - (window.waited_s or 0.0), window.cpu_s or 0.0) for window in windows)
    return used_s / max(1e-9, had_s)


def _is_hopeless(gains: Sequence[float], least: float, hopeless: float) -> bool:
    """Whether what is hoped for is ruled out; while the median is a gain worth having, no bad moment is enough."""
    return sorted(gains)[len(gains) // 2] < least and evidence_below(gains, hopeless) >= HOPELESS_EVIDENCE


def _finding(
    decision: Decision,
    detail: str,
    pairs: Sequence[Pair],
    gains: Sequence[float],
    clock: Clock,
    guards: tuple[GuardResult, ...] = (),
    alpha: float | None = None,
) -> Finding:
    return Finding(
        decision=decision,
        detail=detail,
        speedup=estimate(gains),
        clock=clock,
        pairs=tuple(pairs),
        guards=guards,
        alpha=alpha,
    )
