"""A share that was counted, with the exact interval of Clopper and Pearson (Biometrika 26, 1934)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

LEVEL = 0.95
_STEPS = 60


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many."""

    hits: int
    trials: int

    @property
    def value(self) -> float:
        """The share itself; nan of nothing."""
        return self.hits / self.trials if self.trials else math.nan

    @property
    def low(self) -> float:
        """The lower end of its interval at LEVEL."""
        if self.hits == 0:
            return 0.0
        return _solve(lambda p: at_least(self.hits, self.trials, p) >= (1 - LEVEL) / 2)

    @property
    def high(self) -> float:
        """The upper end of its interval at LEVEL."""
        if self.hits >= self.trials:
            return 1.0
        return _solve(lambda p: 1 - at_least(self.hits + 1, self.trials, p) < (1 - LEVEL) / 2)

    def __str__(self) -> str:
        return f"{self.hits} of {self.trials:,} ({self.value:.2%}; {self.low:.2%} to {self.high:.2%})"


def at_least(hits: int, trials: int, p: float) -> float:
    """The chance of at least `hits` in `trials` independent tries that succeed with chance `p`."""
    if p <= 0:
        return float(hits <= 0)
    if p >= 1:
        return 1.0
    if 2 * hits > trials:  # the shorter of the two sums
        return _sum(range(trials - hits + 1), trials, 1 - p)
    return max(0.0, 1 - _sum(range(hits), trials, p))


def _sum(counts: range, trials: int, p: float) -> float:
    """The chance of one of these counts."""
    whole = math.lgamma(trials + 1)
    return math.fsum(
        math.exp(
            whole - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * math.log(p) + (trials - k) * math.log1p(-p)
        )
        for k in counts
    )


def _solve(holds: Callable[[float], bool]) -> float:
    """The smallest p in [0, 1] for which a condition that stays true once it is true holds."""
    bottom, top = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (bottom + top) / 2
        if holds(middle):
            top = middle
        else:
            bottom = middle
    return top
