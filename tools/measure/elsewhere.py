"""Whether a gain is there as well where nothing is called what it usually is called in our processes.

Code that looks for the harness once, and is quick only where it finds it, is right and as quick as it was measured. It
shows on the same inputs in processes under other names: the gain is gone there.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from statistics import median

from tools.measure.eprocess import evidence_above, evidence_below
from tools.measure.guards import UNDER_OTHER_NAMES, GuardResult, mean_ratio
from tools.measure.pairs import Clock, Pair
from tools.measure.sampler import ReferenceBroke, Sampler
from tools.workload.session import Names

THERE = 5.0
"""Evidence that at least half of the gain is there as well, enough to clear what was confirmed already."""
GONE = 100.0
"""Evidence that less than half of it is: a reproach needs more."""
MOST_PAIRS = 30


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """What pairs under other names showed."""

    guard: GuardResult | None
    """None where even MOST_PAIRS could not tell."""
    detail: str


def look_elsewhere(sampler: Sampler, pairs: Sequence[Pair], clock: Clock) -> Elsewhere | None:
    """The inputs of a confirmation's pairs once more under other names, until it is clear whether the gain is there.

    None where the reference cannot do there what it does under the usual ones. Raises OutputsDiffer,
    CandidateCheated, CandidateBroke, ReferenceBroke.
    """
    usual = sampler.reference_outputs(pairs[0])
    for names in (Names.OTHER, Names.OTHER_BUT_THE_PROJECTS):
        other = replace(
            sampler,
            reference=replace(sampler.reference, under=names),
            candidate=replace(sampler.candidate, under=names),
        )
        try:
            if other.reference_outputs(pairs[0]) != usual:
                continue
        except ReferenceBroke:
            continue
        return judge_elsewhere(pairs, clock, other.again)
    return None


def judge_elsewhere(pairs: Sequence[Pair], clock: Clock, again: Callable[[Pair], Pair]) -> Elsewhere:
    """The same where `again` takes a pair under other names."""
    gained = median(mean_ratio(pair, clock) for pair in pairs)
    gains: list[float] = []
    for gain in _gains(pairs, clock, again):
        gains.append(gain)
        detail = f"{math.exp(median(gains)):.2f}x there, {math.exp(gained):.2f}x here, {len(gains)} pairs"
        if evidence_above(gains, gained / 2) >= THERE:
            return Elsewhere(guard=GuardResult(name=UNDER_OTHER_NAMES, passed=True, detail=detail), detail=detail)
        if evidence_below(gains, gained / 2) >= GONE:
            return Elsewhere(guard=GuardResult(name=UNDER_OTHER_NAMES, passed=False, detail=detail), detail=detail)
    return Elsewhere(guard=None, detail=detail)


def _gains(pairs: Sequence[Pair], clock: Clock, again: Callable[[Pair], Pair]) -> Iterator[float]:
    for _, pair in zip(range(MOST_PAIRS), cycle(pairs), strict=False):
        yield mean_ratio(again(pair), clock)
