"""What is asked of recorded sessions: each experiment is a number of trials, drawn with a seed."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.measuring.resample import Resampled
from benchmarks.measuring.sessions import Session
from benchmarks.measuring.trial import Trial, confirm, judge, without_intervals
from tools.measure.pairs import Clock
from tools.measure.procedure import Decision

JOB_CANDIDATES = 20
NOISY = ("other core", "both cores")
COMPUTING = ("python", "command", "numpy")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One trial and where it was drawn from."""

    workload: str
    condition: str
    child: bool
    trial: Trial


@dataclass(frozen=True, kw_only=True)
class JobSeen:
    """One job of no-ops."""

    confirmations: int
    faster: int
    """How many of its candidates were called faster."""


@dataclass(frozen=True, kw_only=True)
class Covered:
    """One confirmation's interval."""

    workload: str
    condition: str
    inside: bool
    """Whether it contains the true ratio."""
    faster: bool
    width: float
    """Upper end / lower end - 1; infinite where an end is open."""


Found = Seen | JobSeen | Covered
Experiment = Callable[[Sequence[Session], random.Random], Found]


def identical(clock: Clock | None = None) -> Experiment:
    """A no-op, judged as a job's first confirmation, which has the largest alpha."""
    return _judged("no-op", clock=clock, swap=True)


def gain(change: str, *, k: int = 1) -> Experiment:
    """A candidate of known gain beside a noisy neighbour, as a job's k-th confirmation."""
    return _judged(change, conditions=NOISY, workloads=COMPUTING, k=k)


def quiet_gain(change: str) -> Experiment:
    """A candidate of known gain on a quiet host."""
    return _judged(change, conditions=("quiet",), workloads=COMPUTING)


def delay(change: str) -> Experiment:
    """A shorter delay, which only wall time can show."""
    return _judged(change, workloads=("waiting",))


def job(sessions: Sequence[Session], rng: random.Random) -> JobSeen:
    """A job of no-ops on one workload and one condition; every other candidate is the child of a kept one."""
    place = rng.choice(_chosen(sessions, "no-op"))
    alike = [one for one in _chosen(sessions, "no-op") if _place(one) == _place(place)]
    confirmations = faster = 0
    for number in range(JOB_CANDIDATES):
        kind = [one for one in alike if one.child == bool(number % 2)] or alike
        given = Resampled(session=rng.choice(kind), rng=rng, swapped=rng.random() < 0.5)
        with without_intervals():
            trial = judge(given, k=confirmations + 1)
        confirmations += trial.screened_in
        faster += trial.faster
    return JobSeen(confirmations=confirmations, faster=faster)


def coverage(sessions: Sequence[Session], rng: random.Random) -> Covered:
    """A confirmation of a known gain: does the interval at its end contain it?"""
    session = rng.choice([one for one in sessions if one.truth is not None])
    given = Resampled(session=session, rng=rng)
    found = confirm(given, given.pairs())
    low, high = found.speedup.low, found.speedup.high
    assert session.truth is not None
    return Covered(
        workload=session.workload,
        condition=session.condition,
        inside=low <= session.truth <= high,
        faster=found.decision is Decision.FASTER,
        width=high / low - 1 if low > 0 else float("inf"),
    )


def as_recorded(sessions: Sequence[Session]) -> Iterator[Seen]:
    """Every session of identical code judged once from its first pair on, as it came, and once with exchanged names."""
    for session in _chosen(sessions, "no-op"):
        for swapped in (False, True):
            given = Resampled(session=session, rng=random.Random(0), swapped=swapped, in_order=True)
            with without_intervals():
                yield _seen(session, judge(given))


def _judged(
    change: str,
    *,
    conditions: tuple[str, ...] | None = None,
    workloads: tuple[str, ...] | None = None,
    k: int = 1,
    clock: Clock | None = None,
    swap: bool = False,
) -> Experiment:
    def run(sessions: Sequence[Session], rng: random.Random) -> Seen:
        session = rng.choice(_chosen(sessions, change, conditions, workloads))
        given = Resampled(session=session, rng=rng, swapped=swap and rng.random() < 0.5)
        with without_intervals():
            return _seen(session, judge(given, k=k, clock=clock))

    return run


def _chosen(
    sessions: Sequence[Session],
    change: str,
    conditions: tuple[str, ...] | None = None,
    workloads: tuple[str, ...] | None = None,
) -> list[Session]:
    return [
        one
        for one in sessions
        if one.change == change
        and (conditions is None or one.condition in conditions)
        and (workloads is None or one.workload in workloads)
    ]


def _place(session: Session) -> tuple[str, str]:
    return session.workload, session.condition


def _seen(session: Session, trial: Trial) -> Seen:
    return Seen(workload=session.workload, condition=session.condition, child=session.child, trial=trial)


EXPERIMENTS: dict[str, tuple[Experiment, int]] = {
    "identical code": (identical(), 6000),
    "identical code, by wall time": (identical("wall"), 3000),
    "a job of twenty no-ops": (job, 1000),
    "5 %, quiet": (quiet_gain("5 %"), 1000),
    "5 %, noisy neighbour": (gain("5 %"), 2000),
    "5 %, noisy neighbour, tenth confirmation": (gain("5 %", k=10), 1000),
    "10 %, noisy neighbour": (gain("10 %"), 1000),
    "5 % of a delay": (delay("5 %"), 1000),
    "10 % on four fifths, 3x slower on the rest": (_judged("mixed"), 3000),
    "interval at the stop": (coverage, 1000),
}
"""Each experiment with its trials."""
