"""What a host makes of identical code: its noise floor, and whether it sees a gain that is not there."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from tools.measure.eprocess import wealth_path
from tools.measure.guards import mean_ratio
from tools.measure.pairs import Clock, Pair
from tools.measure.procedure import JOB_ALPHA, clock_for

PAIRS = 12
"""Ten are the fewest that can be evidence enough, were every one of them to lie the same way."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """An A/A run."""

    noise: float
    """Median absolute log ratio of the pairs: half of them differ by less."""
    clock: Clock
    pairs: int
    accepted: bool
    """Whether the procedure, looking after each pair, would call the unchanged code faster, or slower, than itself."""


def calibrate_pairs(pairs: Iterable[Pair], min_gain: float) -> Calibration:
    """Look at PAIRS pairs of the unchanged code against itself."""
    taken = list(islice(pairs, PAIRS))
    clock = clock_for(taken)
    gains = [mean_ratio(pair, clock) for pair in taken]
    least = math.log1p(min_gain)
    against = max(*wealth_path(gains, least), *wealth_path([-gain for gain in gains], least))
    sizes = sorted(abs(gain) for gain in gains)
    return Calibration(noise=sizes[len(sizes) // 2], clock=clock, pairs=len(taken), accepted=against >= 1 / JOB_ALPHA)


@dataclass(frozen=True, kw_only=True)
class FalseAlarms:
    """How often identical code was called faster, or slower, in the A/A runs of one host."""

    runs: int
    accepted: int
    at_most: float
    """Upper end of the exact one-sided 95 % interval of the rate (Clopper and Pearson 1934)."""
    noise: float
    """The median of the runs' noise floors."""


def false_alarms(runs: Sequence[Calibration]) -> FalseAlarms:
    """What a host's A/A runs say of it, at least one."""
    accepted = sum(run.accepted for run in runs)
    floors = sorted(run.noise for run in runs)
    return FalseAlarms(
        runs=len(runs), accepted=accepted, at_most=_upper(accepted, len(runs)), noise=floors[len(floors) // 2]
    )


def _upper(hits: int, runs: int) -> float:
    """The rate at which `hits` or fewer in `runs` would be seen once in 20 times."""
    if hits == runs:
        return 1.0
    low, high = hits / runs, 1.0
    for _ in range(50):
        rate = (low + high) / 2
        seen = sum(math.comb(runs, k) * rate**k * (1 - rate) ** (runs - k) for k in range(hits + 1))
        low, high = (rate, high) if seen > 0.05 else (low, rate)
    return high
