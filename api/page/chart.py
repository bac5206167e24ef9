"""The pairs of a confirmation, drawn in order with the confidence sequence as it narrows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from api.gains import gains_of
from api.report_samples import MeasuredPart
from tools.measure.eprocess import sequence

HEIGHT_PX = 180
MARGIN_PX = 12
LEAST_APART_PX = 18
SPEEDUPS = (0.1, 0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 1.2, 1.3, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000)
"""Where a line may be drawn across, besides the one at 1."""


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One pair."""

    x: float
    """Share of the width, in percent."""
    y: float
    """From the top, in pixels; so are all below."""
    before_first: bool
    says: str


@dataclass(frozen=True, kw_only=True)
class Band:
    """The interval after one pair."""

    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """A speedup, as a line across."""

    y: float
    label: str
    style: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Everything that is drawn of one confirmation."""

    title: str
    dots: tuple[Dot, ...]
    bands: tuple[Band, ...]
    lines: tuple[Line, ...]
    height: int = HEIGHT_PX


def chart_of(measured: MeasuredPart | None, min_gain: float, level: float | None = None) -> Chart | None:
    """The chart of one confirmation; None where its pairs were not kept."""
    gains = gains_of(measured) if measured else []
    if measured is None or not gains:
        return None
    ends = sequence(gains, level or measured.level or 0.95)
    finite = [end for end in ends[-1] if math.isfinite(end)]
    scale = _Scale.over([*gains, *finite, 0.0, math.log1p(min_gain)])
    step = 100 / len(gains)
    dots = [
        Dot(
            x=round((n + 0.5) * step, 3),
            y=scale.y(gain),
            before_first=pair.before_first,
            says=f"pair {n + 1}: {math.exp(gain):.3f}x, {'before' if pair.before_first else 'after'} ran first",
        )
        for n, (pair, gain) in enumerate(zip(measured.samples, gains, strict=True))
    ]
    bands = []
    for n, (low, high) in enumerate(ends):
        if math.isinf(low) and math.isinf(high):
            continue
        top, bottom = scale.y(high), scale.y(low)
        bands.append(Band(x=round(n * step, 3), width=round(step, 3), y=top, height=round(max(1.0, bottom - top), 1)))
    unit = f"{len(gains)} pairs on {measured.workload}, {measured.clock} time"
    return Chart(title=unit, dots=tuple(dots), bands=tuple(bands), lines=_lines(scale, min_gain))


@dataclass(frozen=True, kw_only=True)
class _Scale:
    low: float
    high: float

    @classmethod
    def over(cls, values: Sequence[float]) -> "_Scale":
        low, high = min(values), max(values)
        return cls(low=low, high=high if high > low else low + 0.01)

    def y(self, value: float) -> float:
        """Clipped to what is drawn."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(HEIGHT_PX - MARGIN_PX - share * (HEIGHT_PX - 2 * MARGIN_PX), 1)


def _lines(scale: _Scale, min_gain: float) -> tuple[Line, ...]:
    """No gain, the smallest gain that counts, and as many others as have room."""
    lines = [Line(y=scale.y(0.0), label="1x", style="nothing")]
    least = scale.y(math.log1p(min_gain))
    apart = all(abs(least - line.y) >= LEAST_APART_PX for line in lines)
    lines.append(Line(y=least, label=f"{1 + min_gain:.3g}x" if apart else "", style="least"))
    for speedup in sorted(SPEEDUPS, key=lambda one: abs(math.log(one)), reverse=True):
        value = math.log(speedup)
        y = scale.y(value)
        if scale.low <= value <= scale.high and all(abs(y - line.y) >= LEAST_APART_PX for line in lines):
            lines.append(Line(y=y, label=f"{speedup:g}x", style="grid"))
    return tuple(lines)
