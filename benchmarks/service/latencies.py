"""How long many things of a kind took, in a few numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Latencies:
    """By rank among all that was measured, in milliseconds."""

    count: int
    median_ms: float
    p99_ms: float
    longest_ms: float

    @classmethod
    def of(cls, taken_s: Sequence[float]) -> Self:
        """What these seconds come to; at least one is needed."""
        ranked = sorted(1000 * one_s for one_s in taken_s)
        return cls(
            count=len(ranked),
            median_ms=_rank(ranked, 0.5),
            p99_ms=_rank(ranked, 0.99),
            longest_ms=ranked[-1],
        )


def _rank(ranked: Sequence[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    return round(ranked[max(0, math.ceil(share * len(ranked)) - 1)], 2)
