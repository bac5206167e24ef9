"""A speedup with the interval it was measured to."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A speedup (time before / time after, above 1 is faster) and its confidence interval.

    The interval comes from a confidence sequence: it holds at its level whenever one stops to look.
    """

    point: float
    low: float
    high: float
    level: float
    """Confidence level of the interval, such as 0.95."""
    pairs: int
    """Pairs of fresh processes measured."""

    def __str__(self) -> str:
        return f"{self.point:.2f}x [{self.low:.2f}, {self.high:.2f}]"
