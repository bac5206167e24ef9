"""Which way of counting instructions this host has."""

from tools.measure import counts_callgrind, counts_perf
from tools.measure.counts import Counter


def find_counter() -> Counter | None:
    """The cheapest that works here; None where there is none."""
    if counts_perf.missing() is None:
        return counts_perf.Perf()
    return counts_callgrind.Callgrind() if counts_callgrind.missing() is None else None


def why_no_counter() -> str:
    """Why there is none, in words."""
    return f"{counts_perf.missing()}; {counts_callgrind.missing()}"
