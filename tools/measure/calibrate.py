"""What a host makes of identical code: its noise floor, and whether it sees a gain that is not there."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from tools.measure.eprocess import evidence_above, evidence_below
from tools.measure.guards import mean_ratio
from tools.measure.pairs import Clock, Pair
from tools.measure.procedure import JOB_ALPHA, clock_for

PAIRS = 8


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """An A/A run."""

    noise: float
    """Median absolute log ratio of the pairs: half of them differ by less."""
    clock: Clock
    pairs: int
    accepted: bool
    """Whether the procedure would call the unchanged code faster, or slower, than itself."""


def calibrate_pairs(pairs: Iterable[Pair], min_gain: float) -> Calibration:
    """Look at PAIRS pairs of the unchanged code against itself."""
    taken = list(islice(pairs, PAIRS))
    clock = clock_for(taken)
    gains = [mean_ratio(pair, clock) for pair in taken]
    least = math.log1p(min_gain)
    against = max(evidence_above(gains, least), evidence_below(gains, -least))
    sizes = sorted(abs(gain) for gain in gains)
    return Calibration(noise=sizes[len(sizes) // 2], clock=clock, pairs=len(taken), accepted=against >= 1 / JOB_ALPHA)
