"""Evidence about the median of a symmetric series that may be looked at after every value.

A gambler starts with wealth 1 and bets, before each value, that it lies above `delta`. Where the values are symmetric
about something no larger than `delta` no bet has an edge, so the wealth is a non-negative supermartingale and, by
Ville's inequality, exceeds 1/alpha at *any* time with probability at most alpha. That is what makes it right to stop at
the first moment the evidence is enough.

The values here are log ratios of pairs run in random order, which makes them symmetric about the true log ratio
whatever drifts between pairs (see docs/measuring.md). The bet is bounded, so one outlier cannot ruin the wealth:

    wealth *= 1 + b * tanh(c * (x - delta) / s)

with `s` the median of the past |x - delta| (known before the bet, as validity demands), averaged over several `b` and
`c`; `c` infinite bets on the sign alone.

References: Ville (1939); Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", JRSS-B
2024, arXiv:2010.09686; Ramdas et al., "Game-theoretic statistics and safe anytime-valid inference", Statistical Science
2023, arXiv:2210.01948.
"""

import math
from bisect import insort
from collections.abc import Sequence
from itertools import accumulate

from tools.measure.estimate import Estimate

BETS = (0.25, 0.5, 0.8)
"""Shares of the wealth put at stake; never near 1, where a single lost bet would ruin the gambler."""
SHAPES = (0.5, 1.5, math.inf)
GRID = 400
"""Points of `delta` at which an interval is looked for."""


def wealth_path(values: Sequence[float], delta: float) -> list[float]:
    """The wealth after each value of a gambler who bets that the values lie above `delta`."""
    purses = [(bet, shape, 1.0) for bet in BETS for shape in SHAPES]
    past: list[float] = []
    path = []
    for value in values:
        distance = value - delta
        scale = _median(past) if past else 0.0
        purses = [(bet, shape, purse * (1 + bet * _edge(distance, scale, shape))) for bet, shape, purse in purses]
        insort(past, abs(distance))
        path.append(sum(purse for _, _, purse in purses) / len(purses))
    return path


def evidence_above(values: Sequence[float], delta: float) -> float:
    """The e-value, now, against "the median is at most `delta`"; 1 where there are no values."""
    return wealth_path(values, delta)[-1] if values else 1.0


def evidence_below(values: Sequence[float], delta: float) -> float:
    """The e-value, now, against "the median is at least `delta`"; 1 where there are no values."""
    return evidence_above([-value for value in values], -delta)


def interval(values: Sequence[float], level: float) -> tuple[float, float]:
    """The confidence sequence at this moment: every `delta` that neither side's wealth has ever ruled out.

    Valid at every moment at once, at confidence `level`; an end that nothing rules out yet is infinite.
    """
    return sequence(values, level)[-1] if values else (-math.inf, math.inf)


def sequence(values: Sequence[float], level: float) -> list[tuple[float, float]]:
    """The interval after each value: the confidence sequence as it narrows."""
    threshold = 2 / (1 - level)
    highs = _lows([-value for value in values], threshold)
    return [(low, -high) for low, high in zip(_lows(values, threshold), highs, strict=True)]


def estimate(values: Sequence[float], level: float = 0.95) -> Estimate:
    """The median of log ratios ln(before / after) as a speedup, with its confidence sequence at `level`."""
    low, high = interval(values, level)
    return Estimate(
        point=math.exp(_median(sorted(values))), low=math.exp(low), high=math.exp(high), level=level, pairs=len(values)
    )


def _lows(values: Sequence[float], threshold: float) -> list[float]:
    """After each value, the lowest `delta` that wealth of at least `threshold` has not ruled out; -inf for none."""
    lows = [-math.inf] * len(values)
    if not values:
        return lows
    bottom, top = min(values), max(values)
    step = (top - bottom) / GRID or 1e-12
    since = 0
    for index in range(GRID + 1):
        delta = bottom + (index - 1) * step
        reached = (moment for moment, wealth in enumerate(wealth_path(values, delta)) if wealth >= threshold)
        first = next(reached, None)
        if first is None:
            break
        since = max(since, first)
        lows[since] = delta
    return list(accumulate(lows, max))


def _edge(distance: float, scale: float, shape: float) -> float:
    if distance == 0:
        return 0.0
    if scale == 0 or math.isinf(shape):
        return math.copysign(1.0, distance)
    return math.tanh(shape * distance / scale)


def _median(ordered: Sequence[float]) -> float:
    """Of an ascending series that is not empty."""
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
