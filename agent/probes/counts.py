"""The probe of instructions: turns down what a screening could not tell apart, and explains what is kept."""

from agent.bench import Bench
from agent.evidence import Counted, Timed
from agent.probes.timing import names
from tools.measure.counters import find_counter, why_no_counter
from tools.measure.counts import CannotCount, count_sides
from tools.measure.procedure import UNDECIDED_POSITIVE

COUNT_SEED = 1 << 41
"""Keeps the inputs that are counted apart from those that are timed."""


def before_confirming(bench: Bench) -> Counted:
    """Counted where the screening could not tell: a share of alpha goes to what executes fewer instructions."""
    screening = [seen for seen in bench.seen if isinstance(seen, Timed) and seen.stage == "screen"]
    undecided = any(seen.detail == UNDECIDED_POSITIVE and seen.clock == "cpu" for seen in screening)
    return _count(bench, undecided=True) if undecided else _absent(bench, "the screening needed no count")


def explain(bench: Bench) -> Counted:
    """Counted where it was not before: what a kept diff saves, in words that no noise can blur."""
    return next((seen for seen in bench.seen if isinstance(seen, Counted) and seen.before), None) or _count(bench)


def _count(bench: Bench, *, undecided: bool = False) -> Counted:
    counter = find_counter()
    if counter is None:
        return _absent(bench, why_no_counter(), undecided=undecided)
    try:
        counts = count_sides(
            counter,
            bench.reference,
            bench.challenger,
            bench.timed,
            seed=bench.seed ^ COUNT_SEED,
            cores=bench.kit.cores,
        )
    except CannotCount as error:
        return _absent(bench, str(error), undecided=undecided)
    return Counted(
        tool=counts.tool, workload=names(bench.timed), before=counts.before, after=counts.after, undecided=undecided
    )


def _absent(bench: Bench, why: str, *, undecided: bool = False) -> Counted:
    return Counted(tool="", workload=names(bench.timed), absent=why, undecided=undecided)
