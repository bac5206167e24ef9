"""Log ratios from the pairs of a report: what the speedup and its interval follow from."""

import math

from api.report_samples import MeasuredPart, PairPart


def gains_of(measured: MeasuredPart) -> list[float]:
    """ln(before / after) of every pair, the mean over its batches, in the order they were taken."""
    return [_gain(pair, measured.clock) for pair in measured.samples]


def times_s(pair: PairPart, group: str, clock: str) -> tuple[float, float]:
    """Before and after of one batch, in seconds by the clock that decided."""
    (before_wall, before_cpu), (after_wall, after_cpu) = pair.before.windows[group], pair.after.windows[group]
    if clock == "wall" or before_cpu is None or after_cpu is None:
        return before_wall, after_wall
    return before_cpu, after_cpu


def log_ratio(before_s: float, after_s: float) -> float:
    """Above 0 is faster."""
    return math.log(max(before_s, 1e-9) / max(after_s, 1e-9))


def _gain(pair: PairPart, clock: str) -> float:
    ratios = [log_ratio(*times_s(pair, group, clock)) for group in pair.before.windows]
    return sum(ratios) / len(ratios) if ratios else 0.0
