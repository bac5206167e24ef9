"""UCB1 over what a job has seen: which arm to pull next, by what each gave for what it cost."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Pull:
    """One round of one arm."""

    arm: str
    reward: float
    """ln(speedup) of what was kept; 0 where nothing was."""
    cost: float
    """In dollars, or in model calls where a price is not known."""


def best_first(weights: Mapping[str, float], pulls: Sequence[Pull], exploration: float) -> list[str]:
    """The arms, the most promising first: r + c * sqrt(2 ln N / n), where r is an arm's reward for its cost.

    r is a share of the best arm's, so that it lies in [0, 1] whatever the unit, as UCB1 asks (Auer et al., 2002). Arms
    that were never pulled come first, by weight.
    """
    rates, counts = {}, {}
    for arm in weights:
        own = [pull for pull in pulls if pull.arm == arm]
        cost = sum(pull.cost for pull in own)
        counts[arm] = len(own)
        rates[arm] = sum(pull.reward for pull in own) / cost if cost > 0 else 0.0
    best = max(rates.values(), default=0.0)
    total = max(1, sum(counts.values()))

    def index(arm: str) -> float:
        if not counts[arm]:
            return math.inf
        share = rates[arm] / best if best > 0 else 0.0
        return share + exploration * math.sqrt(2 * math.log(total) / counts[arm])

    return sorted(weights, key=lambda arm: (-index(arm), -weights[arm]))
