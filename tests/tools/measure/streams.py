"""Streams of made-up pairs: known gains and noise, without a sandbox."""

import math
import random
from collections.abc import Iterator
from itertools import count

from tools.measure.pairs import Pair, Sample, Window

SLOW_SEEDS: set[int] = set()
"""Of the pairs that were slow because of their inputs: they are slow again."""
_repeats = count(10_000)


def again(pair: Pair) -> Pair:
    """The inputs of a pair measured once more."""
    fresh = next(_repeats)
    return next(stream(0.10, seed=fresh, slow_share=1.0 if pair.seed in SLOW_SEEDS else 0.0))


def sample(
    windows_s: dict[str, float],
    *,
    outside_s: float = 0.2,
    memory: int = 50_000_000,
    busy: float = 1.0,
    first_s: float | None = None,
) -> Sample:
    """One side of a pair."""
    windows = {name: Window(wall_s=value / busy, cpu_s=value) for name, value in windows_s.items()}
    first = {} if first_s is None else {name: Window(wall_s=first_s / busy, cpu_s=first_s) for name in windows_s}
    whole_s = sum(windows_s.values()) + (first_s or 0.0) + outside_s
    return Sample(
        windows=windows,
        whole=Window(wall_s=whole_s / busy, cpu_s=whole_s),
        peak_memory_bytes=memory,
        outputs=dict.fromkeys(windows_s, "same"),
        first=first,
    )


def stream(
    gain: float | dict[str, float],
    *,
    seed: int = 0,
    noise: float = 0.02,
    slow_share: float = 0.0,
    outside_s: float = 0.2,
    memory: int = 50_000_000,
    first_s: tuple[float, float] | None = None,
) -> Iterator[Pair]:
    """Endless pairs whose candidate is `gain` faster, group by group; `slow_share` of the pairs are 3 times slower.

    `first_s` is what the first call takes on either side, where it is timed apart.
    """
    rng = random.Random(seed)
    gains = gain if isinstance(gain, dict) else {"all": gain}
    for number in count(seed * 1_000_000):
        base = {name: 0.06 * math.exp(rng.gauss(0, noise)) for name in gains}
        factor = 3.0 if rng.random() < slow_share else 1.0
        after = {
            name: 0.06 * factor / (1 + gains[name]) * math.exp(rng.gauss(0, noise) * (8 if rng.random() < 0.1 else 1))
            for name in gains
        }
        if factor > 1:
            SLOW_SEEDS.add(number)
        yield Pair(
            reference=sample(base, first_s=first_s[0] if first_s else None),
            candidate=sample(after, outside_s=outside_s, memory=memory, first_s=first_s[1] if first_s else None),
            reference_first=rng.random() < 0.5,
            seed=number,
        )
