"""When other tools call B faster than A, each rule in a few lines of our own, from the tool's own documentation.

A rule sees the wall times of separate runs, as the tool does. `RUNS` is how many of each side it takes by default.
"""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import cache

Rule = Callable[[Sequence[float], Sequence[float]], bool]

PYPERF_RUNS = 20
T_95 = 2.042
"""The two-sided critical value that pyperf's own table has for twice PYPERF_RUNS values."""
ASV_FACTOR = 1.1
ASV_P = 0.002
CODEFLASH_GAIN = 0.05


def pyperf(before: Sequence[float], after: Sequence[float]) -> bool:
    """`pyperf compare_to`: the mean is lower, and a two-sided t-test with pooled variance is significant at 95 %.

    https://pyperf.readthedocs.io/en/latest/cli.html#compare-to-cmd and pyperf/_utils.py; 20 processes by default.
    """
    freedom = len(before) + len(after) - 2
    pooled = (_squares(before) + _squares(after)) / freedom
    score = (statistics.mean(before) - statistics.mean(after)) / math.sqrt(2 * pooled / len(before))
    return score >= T_95


def asv(before: Sequence[float], after: Sequence[float]) -> bool:
    """`asv continuous`: the median is lower by the factor, and Mann and Whitney's test is significant.

    https://asv.readthedocs.io/en/stable/commands.html#asv-continuous and asv/_stats.py; two rounds of ten by default.
    """
    lower = statistics.median(after) < statistics.median(before) / ASV_FACTOR
    return lower and _mann_whitney(before, after) < ASV_P


def asv_significant(before: Sequence[float], after: Sequence[float]) -> bool:
    """The same without the factor (`--factor 1`), for whoever looks for gains below a tenth."""
    return statistics.median(after) < statistics.median(before) and _mann_whitney(before, after) < ASV_P


def hyperfine(before: Sequence[float], after: Sequence[float]) -> bool:
    """hyperfine says "ran 1.05 ± 0.02 times faster": read as faster where 1 is more than that ± away.

    https://github.com/sharkdp/hyperfine, src/benchmark/relative_speed.rs; at least 10 runs by default.
    """
    slow, fast = statistics.mean(before), statistics.mean(after)
    ratio = slow / fast
    spread = math.hypot(statistics.stdev(before) / slow, statistics.stdev(after) / fast)
    return ratio - ratio * spread > 1


def hyperfine_headline(before: Sequence[float], after: Sequence[float]) -> bool:
    """The same as its headline names the winner: whichever mean is lower."""
    return statistics.mean(after) < statistics.mean(before)


def codeflash(before: Sequence[float], after: Sequence[float]) -> bool:
    """codeflash: the fastest run is more than 5 % faster than the fastest run before.

    https://docs.codeflash.ai/codeflash-concepts/benchmarking and codeflash/result/critic.py; loops for 10 s, which
    is 30 processes here.
    """
    return (min(before) - min(after)) / min(after) > CODEFLASH_GAIN


RULES: Mapping[str, tuple[Rule, int]] = {
    "pyperf compare_to": (pyperf, PYPERF_RUNS),
    "asv continuous (factor 1.1)": (asv, 20),
    "asv continuous --factor 1": (asv_significant, 20),
    "hyperfine, beyond its ±": (hyperfine, 10),
    "hyperfine, its headline": (hyperfine_headline, 10),
    "codeflash (best of N, 5 %)": (codeflash, 30),
}
"""Each rule with the runs of each side that its tool takes."""


def _squares(values: Sequence[float]) -> float:
    middle = statistics.mean(values)
    return math.fsum((value - middle) ** 2 for value in values)


def _mann_whitney(one: Sequence[float], other: Sequence[float]) -> float:
    """The two-sided p-value, exact, for values without ties."""
    above = sum(a > b for a in one for b in other)
    tail = min(above, len(one) * len(other) - above)
    ways = sum(_orderings(len(one), len(other), u) for u in range(tail + 1))
    return min(1.0, 2 * ways / math.comb(len(one) + len(other), len(one)))


@cache
def _orderings(m: int, n: int, u: int) -> int:
    """Orderings of m and n values with statistic u (Mann and Whitney, 1947)."""
    if u < 0:
        return 0
    if m == 0 or n == 0:
        return int(u == 0)
    return _orderings(m, n - 1, u) + _orderings(m - 1, n, u - n)
