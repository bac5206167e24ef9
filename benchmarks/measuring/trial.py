"""One trial: the product's screening and confirmation, as `agent/probes/timing.py` puts them together, on a stream."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from unittest.mock import patch

from benchmarks.measuring.resample import Resampled
from tools.measure import procedure
from tools.measure.estimate import Estimate
from tools.measure.pairs import Clock, Pair
from tools.measure.procedure import Decision, Finding

MIN_GAIN = 0.02


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How one candidate fared."""

    screened_in: bool
    faster: bool
    """The confirmation called it faster, whatever the guards say."""
    kept: bool
    """Faster, and every guard passed."""
    pairs: int
    """Of screening and confirmation together."""
    seconds: float
    """What those pairs took, with their processes' starts."""
    end: str
    """`kept`, or what kept it from that: `screened out`, `given up`, `undecided`, or a guard's name."""
    clocks: tuple[Clock, ...] = ()
    """Of the screening and of the confirmation, where there was one."""


def judge(given: Resampled, *, k: int = 1, clock: Clock | None = None) -> Trial:
    """Screening and, where it passes, the job's k-th confirmation; `clock` overrides the choice of clock."""
    stream = given.pairs()
    first, rest = _started(stream)
    glance = procedure.screen(rest, clock or procedure.clock_for(first), min_gain=MIN_GAIN)
    if glance.decision is not Decision.FASTER:
        return _trial([glance])
    return _trial([glance, confirm(given, stream, k=k, clock=clock, screened=glance.pairs)])


def confirm(
    given: Resampled,
    stream: Iterator[Pair],
    *,
    k: int = 1,
    clock: Clock | None = None,
    screened: Sequence[Pair] = (),
) -> Finding:
    """The job's k-th confirmation on fresh pairs of the stream."""
    first, rest = _started(stream)
    return procedure.confirm(
        rest,
        clock or procedure.clock_for([*screened, *first]),
        min_gain=MIN_GAIN,
        alpha=procedure.alpha_of(k),
        inputs_each=given.session.items,
        screened=screened,
        again=given.again(),
    )


@contextmanager
def without_intervals() -> Iterator[None]:
    """Leaves out the intervals: they decide nothing and take nearly all of a trial's time."""
    unknown = Estimate(point=1.0, low=0.0, high=float("inf"), level=0.95, pairs=0)
    with patch.object(procedure, "estimate", lambda _: unknown):
        yield


def _started(stream: Iterator[Pair]) -> tuple[list[Pair], Iterator[Pair]]:
    """The pairs that a stage chooses its clock on, and all of its pairs."""
    first = list(islice(stream, procedure.CLOCK_PAIRS))
    return first, chain(first, stream)


def _trial(findings: list[Finding]) -> Trial:
    pairs = [pair for finding in findings for pair in finding.pairs]
    last = findings[-1]
    failed = [guard.name.partition(":")[0] for guard in last.guards if not guard.passed]
    faster = len(findings) > 1 and last.decision is Decision.FASTER
    return Trial(
        screened_in=len(findings) > 1,
        faster=faster,
        kept=faster and not failed,
        pairs=len(pairs),
        seconds=sum(pair.reference.whole.wall_s + pair.candidate.whole.wall_s for pair in pairs),
        end=_end(findings, failed),
        clocks=tuple(finding.clock for finding in findings),
    )


def _end(findings: list[Finding], failed: list[str]) -> str:
    decision = findings[-1].decision
    if decision is Decision.FASTER:
        return failed[0] if failed else "kept"
    if len(findings) == 1:
        return "screened out"
    return "given up" if decision is Decision.NOT_FASTER else "undecided"
