"""What one run of a test suite showed, what three runs of the unchanged code agree on, and how a later one compares."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tools.errors import UserError
from tools.sandbox.contract import Ended

Scope = Literal["full", "impacted", "sample"]
GOOD = frozenset({"passed", "xfailed", "xpassed"})
BAD = frozenset({"failed", "error"})
OUTCOMES = GOOD | BAD | {"skipped"}
MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class TestCase:
    """One test's outcome in one run."""

    __test__ = False

    id: str
    """As pytest names it."""
    outcome: str
    """passed, failed, skipped, error (in set-up or tear-down), xfailed or xpassed."""
    duration_s: float
    message: str = ""
    """The heart of a failure or the reason of a skip."""


@dataclass(frozen=True, kw_only=True)
class ImportFailure:
    """A file or folder that pytest could not collect."""

    id: str
    message: str


@dataclass(frozen=True, kw_only=True)
class TestReport:
    """One run of a suite."""

    __test__ = False

    cases: tuple[TestCase, ...]
    collected: tuple[str, ...]
    """Every test that was to run, in order."""
    requested: tuple[str, ...] | None = None
    """The ids that were asked for; None for all."""
    import_failures: tuple[ImportFailure, ...] = ()
    ended: Ended
    problem: str = ""
    """Why the run did not come to its own end, one sentence; empty where it did."""
    forged: bool = False
    """Its process wrote results of its own making."""
    seconds: float
    """Wall time of the whole process."""
    tail: str = ""
    """The last lines on its standard error."""
    hash_seed: int
    scope: Scope = "full"


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What runs of the unchanged code agree on; flaky and failing tests are set aside by name."""

    stable: Mapping[str, str]
    """Tests that pass (or fail as expected) every time, with that outcome."""
    failing: tuple[str, ...] = ()
    flaky: tuple[str, ...] = ()
    """Tests whose outcome changed between runs, or that were missing in one."""
    skipped: tuple[str, ...] = ()
    unimportable: tuple[ImportFailure, ...] = ()
    """Files that cannot be collected; their tests are not known."""
    durations_s: Mapping[str, float] = field(default_factory=dict)
    """The shortest of each test's durations, of those that passed."""
    seconds: float
    """The shortest run's wall time."""

    @property
    def known(self) -> frozenset[str]:
        """Every test that was seen at all."""
        return frozenset({*self.stable, *self.failing, *self.flaky, *self.skipped})


def baseline(runs: Sequence[TestReport]) -> Baseline:
    """What all `runs` of the whole suite on the unchanged code agree on.

    Raises:
        UserError: a run did not come to its end, there are no tests, none could be imported, or none passes.
    """
    for run in runs:
        _refuse_useless(run)
    outcomes: dict[str, list[str]] = {}
    durations_s: dict[str, float] = {}
    for run in runs:
        for case in run.cases:
            outcomes.setdefault(case.id, []).append(case.outcome)
            if case.outcome in GOOD:
                durations_s[case.id] = min(case.duration_s, durations_s.get(case.id, case.duration_s))
    kinds = {test: _kind(seen, len(runs)) for test, seen in outcomes.items()}
    stable = {test: outcomes[test][0] for test, kind in kinds.items() if kind == "stable"}
    if not stable:
        worst = next(case for run in runs for case in run.cases if case.outcome != "passed")
        raise UserError(
            f"none of the {len(kinds)} tests passes on the unchanged code (first: {worst.id}: {worst.message[:200]}); "
            "mend the environment in hasten.toml (`install`, `env`), or choose other tests by `tests = [...]`",
            status=422,
            detail=runs[0].tail,
        )
    return Baseline(
        stable=stable,
        failing=tuple(test for test, kind in kinds.items() if kind == "failing"),
        flaky=tuple(test for test, kind in kinds.items() if kind == "flaky"),
        skipped=tuple(test for test, kind in kinds.items() if kind == "skipped"),
        unimportable=tuple({failure.id: failure for run in runs for failure in run.import_failures}.values()),
        durations_s={test: durations_s[test] for test in stable},
        seconds=min(run.seconds for run in runs),
    )


def _kind(seen: Sequence[str], runs: int) -> str:
    if len(seen) < runs:
        return "flaky"
    if set(seen) <= BAD:
        return "failing"
    if len(set(seen)) > 1:
        return "flaky"
    return "skipped" if seen[0] == "skipped" else "stable"


def _refuse_useless(run: TestReport) -> None:
    if run.import_failures and not run.cases:
        first = run.import_failures[0]
        raise UserError(
            f"no test file could be imported (first: {first.id or 'the project folder'}); name what is missing in "
            'hasten.toml, such as `install = ["the-package"]`, or choose other tests by `tests = [...]`',
            status=422,
            detail=first.message,
        )
    if run.problem:
        raise UserError(
            f"the test suite of the unchanged code did not come to its end: {run.problem}; choose which tests run by "
            '`tests = ["tests/unit"]` or `pytest-args = ["--deselect=ID"]` in hasten.toml',
            status=422,
            detail=run.tail,
        )
    if not run.cases:
        raise UserError(
            'pytest found no tests; name where they are in hasten.toml, such as `tests = ["tests"]`',
            status=422,
            detail=run.tail,
        )


def compare(base: Baseline, report: TestReport) -> tuple[str, ...]:
    """What went wrong since the baseline, a sentence each; empty where every stable test is as it was."""
    problems = [f"The suite did not come to its end: {report.problem}."] if report.problem else []
    outcomes = {case.id: case for case in report.cases}
    expected = base.known if report.requested is None else base.known & set(report.requested)
    known_failures = {failure.id for failure in base.unimportable}
    fresh_failures = [failure for failure in report.import_failures if failure.id not in known_failures]
    if fresh_failures:
        problems.append(f"{_named(failure.id for failure in fresh_failures)} cannot be imported any more.")
    missing = [test for test in sorted(expected - set(base.flaky)) if test not in outcomes]
    if missing:
        problems.append(f"{_counted(missing)} did not run: {_named(missing)}.")
    extra = sorted(set(outcomes) - base.known)
    if extra:
        problems.append(f"{_counted(extra)} had not been there before: {_named(extra)}.")
    repeated = [test for test, count in Counter(case.id for case in report.cases).items() if count > 1]
    if repeated:
        problems.append(f"{_counted(repeated)} reported more than one outcome: {_named(repeated)}.")
    for test in sorted(set(outcomes) & {*base.stable, *base.skipped}):
        problem = _change(base.stable.get(test, "skipped"), outcomes[test])
        if problem:
            problems.append(problem)
    return tuple(problems)


def _change(before: str, case: TestCase) -> str:
    if case.outcome == before or (before == "skipped" and case.outcome in GOOD):
        return ""
    if case.outcome in BAD:
        return f"{case.id} fails: {case.message or case.outcome}"
    if case.outcome == "skipped":
        return f"{case.id} is skipped now: {case.message or 'no reason given'}"
    return f"{case.id} {before} before and {case.outcome} now."


def _counted(tests: Sequence[str]) -> str:
    return "1 test" if len(tests) == 1 else f"{len(tests)} tests"


def _named(names: Iterable[str]) -> str:
    listed = list(names)
    shown = ", ".join(listed[:MOST_NAMED])
    return shown if len(listed) <= MOST_NAMED else f"{shown} and {len(listed) - MOST_NAMED} more"
