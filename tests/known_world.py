"""A world whose evidence is known: what a candidate would show is written in its patch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.bench import Bench
from agent.evaluate import Cascade
from agent.evidence import Application, Build, Compared, Evidence, Guard, Hints, Sighting, Tested, Timed, Touches
from tools.measure.estimate import Estimate

GAIN = re.compile(r"^\+.*# gain (\d+)%", re.MULTILINE)
WRONG = "# wrong"
BROKEN = "# breaks a test"


def seen_of(patch: str, parent: str = "") -> Sequence[Evidence]:
    """All that the cascade would see of a patch, in its order."""
    tests = Tested(passed=3, failed=1, flaky=0, scope="impacted", hash_seeds=(0,), problems=("test_common fails",))
    if BROKEN not in patch:
        tests = Tested(passed=4, failed=0, flaky=0, scope="impacted", hash_seeds=(0,))
    difference = "for input ([1], [1]): before [1], now []" if WRONG in patch else None
    gain = _gain(patch) - _gain(parent)
    speedup = Estimate(point=1 + gain, low=1 + gain * 0.8, high=1 + gain * 1.2, level=0.95, pairs=15)
    timed = Timed(
        stage="confirm",
        decision="faster" if gain > 0.02 else "not faster",
        detail="a gain of 2% or less is ruled out" if gain > 0.02 else "gains of 5% are ruled out",
        speedup=speedup,
        clock="cpu",
        workload="calls of parcels:common",
        fresh=True,
        guards=(Guard(name="peak memory", passed=True, detail="1.00 times as much"),),
        alpha=0.006,
    )
    more = Tested(passed=8, failed=0, flaky=0, scope="impacted", hash_seeds=(1, 2))
    compared = Compared(cases=40, fresh=30, difference=difference)
    return (Touches(), Sighting(), Application(), Build(), Hints(), tests, compared, timed, more)


def _gain(patch: str) -> float:
    return max((int(found) for found in GAIN.findall(patch)), default=0) / 100


@dataclass(frozen=True)
class _Known:
    """One probe of a world whose evidence is known."""

    place: int

    def __call__(self, bench: Bench) -> Evidence:
        return seen_of(bench.candidate.patch, bench.parent.patch)[self.place]


KNOWN: Cascade = tuple((f"question {place}", _Known(place)) for place in range(9))
"""In place of the real cascade: it runs nothing and answers by the patch."""
