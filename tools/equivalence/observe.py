"""Everything that can be seen of a list of calls on one side, whatever those calls do to their process."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.equivalence.cases import Case
from tools.workload.session import Opened, Side, TargetFailed
from tools.workload.workload import Workload

CALL_LIMIT_S = 1.0
MOST_DEATHS = 3


@dataclass(kw_only=True)
class Observed:
    """What one side did, case by case."""

    opened: Opened | None = None
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    """By the case's place in the list; a case that could not be run here is missing."""
    deaths: dict[int, str] = field(default_factory=dict)
    """Cases in which the process itself ended or hung, and how."""
    failures: dict[int, str] = field(default_factory=dict)
    """Cases whose inputs could not be made, and why."""
    lines: dict[str, set[int]] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    """What the process changed of itself (see `ProcessState`)."""
    settings: dict[str, Any] = field(default_factory=dict)
    survivors: int = 0


@dataclass(frozen=True, kw_only=True)
class Watch:
    """How one side is looked at."""

    hash_seed: int
    lines: Mapping[str, list[int]] = field(default_factory=dict)
    limits_s: Mapping[int, float] = field(default_factory=dict)
    """Longest time for single cases; CALL_LIMIT_S for the others."""
    show: frozenset[int] = frozenset()
    """Cases to be shown whole."""
    budget_s: float = 30.0
    """No new case is begun after this."""


def observe(side: Side, workload: Workload, cases: Sequence[Case], watch: Watch) -> Observed:
    """Run the cases in order, in one process as long as it lives; raises TargetFailed where it never opens."""
    observed = Observed()
    deadline_s = time.monotonic() + watch.budget_s
    start = 0
    while start < len(cases):
        with side.session(workload, hash_seed=watch.hash_seed, lines=watch.lines) as session:
            observed.opened = session.opened
            died_at = _run(session, cases, start, watch, observed, deadline_s)
            if died_at is None:
                _read_state(session, observed)
                observed.survivors = max(observed.survivors, session.close().survivors)
                return observed
        if len(observed.deaths) > MOST_DEATHS:
            return observed
        start = died_at + 1
    return observed


def _run(
    session: Any, cases: Sequence[Case], start: int, watch: Watch, observed: Observed, deadline_s: float
) -> int | None:
    """The case at which the process ended, None when it outlived them all."""
    for number in range(start, len(cases)):
        if time.monotonic() > deadline_s:
            return None
        limit_s = watch.limits_s.get(number, CALL_LIMIT_S)
        case = cases[number]
        try:
            observed.answers[number] = session.ask(
                "observe",
                item=list(case.item),
                manner=case.manner,
                limit_s=limit_s,
                show=number in watch.show,
                timeout_s=limit_s * 3 + 5,
            )
        except TargetFailed as error:
            if session.alive:
                observed.failures[number] = str(error)
                continue
            observed.deaths[number] = str(error)
            return number
    return None


def _read_state(session: Any, observed: Observed) -> None:
    state = session.ask("state")
    observed.changes = list(state["changes"])
    observed.settings = dict(state["settings"])
    for path, numbers in session.ask("lines")["lines"].items():
        observed.lines.setdefault(path, set()).update(numbers)
