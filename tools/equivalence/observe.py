"""Everything that can be seen of a list of calls on one side, whatever those calls do to their process."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.equivalence.calls import Answer
from tools.equivalence.cases import Case
from tools.equivalence.compare import INCIDENTAL
from tools.equivalence.constants import Constant
from tools.workload.session import Opened, Side, TargetFailed
from tools.workload.workload import Workload

CALL_LIMIT_S = 1.0
FRESH_CALL_LIMIT_S = 0.5
"""A varied input may ask for far more work than was ever recorded."""
MOST_DEATHS = 3
CASES_BETWEEN_LINES = 32
"""A process that ends in a case does not tell any more which lines ran before."""


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
    """What the process changed of itself (see `tools/driver/process_state.py`)."""
    looks: list[str] = field(default_factory=list)
    """What code of the project looked at besides its own data (see `tools/driver/looking.py`)."""
    settings: dict[str, Any] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    """Digests of what the names of other people's modules stand for."""
    survivors: int = 0
    watched: frozenset[str] = frozenset()
    """Public data of the project's modules that was looked at after every call."""

    def answer(self, number: int) -> Answer:
        """What happened in one case."""
        return Answer(seen=self.answers.get(number), death=self.deaths.get(number), failure=self.failures.get(number))

    @property
    def unbroken(self) -> int:
        """The first case before which a call did not come to its end, so that the process has another history."""
        broken = [n for n, answer in self.answers.items() if "digest" not in answer]
        return min([*broken, *self.deaths, *self.failures], default=1 << 62)


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
    pool: tuple[Constant, ...] = ()
    """Values that fresh inputs may be made of."""


def observe(side: Side, workload: Workload, cases: Sequence[Case], watch: Watch) -> Observed:
    """Run the cases in order, in one process as long as it lives; raises TargetFailed where it never opens."""
    observed = Observed()
    deadline_s = 0.0
    start = 0
    while start < len(cases):
        with side.session(workload, hash_seed=watch.hash_seed, lines=watch.lines, looks=True) as session:
            observed.opened = session.opened
            # What importing takes is not the calls' fault.
            deadline_s = deadline_s or time.monotonic() + watch.budget_s
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
        case = cases[number]
        limit_s = watch.limits_s.get(number, FRESH_CALL_LIMIT_S if case.fresh else CALL_LIMIT_S)
        try:
            answer = session.ask(
                "observe",
                item=case.sent,
                manner=case.manner,
                limit_s=limit_s,
                show=number in watch.show,
                pool=list(watch.pool),
                timeout_s=limit_s * 3 + 2,
            )
            observed.answers[number] = answer
            if watch.lines and number % CASES_BETWEEN_LINES == 0:
                _read_lines(session, observed)
            observed.watched |= frozenset(answer.get("watched", ()))
        except TargetFailed as error:
            if session.alive:
                observed.failures[number] = str(error)
                continue
            observed.deaths[number] = str(error)
            return number
    return None


def refused(cases: Sequence[Case], observed: Observed) -> list[int]:
    """Cases that were made up, or whose input has a value of a type that was never recorded, and that the code cannot
    take: no caller would give it. What a `raise` statement says of such a value is behaviour, and stays."""
    doubtful = {number for number, case in enumerate(cases) if case.retyped or case.told}
    return [number for number, answer in observed.answers.items() if number in doubtful and not can_take(answer)]


def can_take(answer: Mapping[str, Any]) -> bool:
    """Whether a call, and the drawing of its result, did not stumble over a value: by no `raise` statement."""
    if "seen" not in answer:
        return not answer.get("raised")
    end = answer["seen"][0]["returned"][1]
    if isinstance(end, list) and end[0] == "iterator":
        end = end[3]
    return not (isinstance(end, list) and end[0] == "exception" and end[1] in INCIDENTAL and not end[5])


def _read_state(session: Any, observed: Observed) -> None:
    state = session.ask("state")
    observed.changes = list(state["changes"])
    observed.looks = list(state["looks"])
    observed.settings = dict(state["settings"])
    observed.modules = dict(state["modules"])
    _read_lines(session, observed)


def _read_lines(session: Any, observed: Observed) -> None:
    for path, numbers in session.ask("lines")["lines"].items():
        observed.lines.setdefault(path, set()).update(numbers)
