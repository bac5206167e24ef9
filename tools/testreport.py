"""What one run of a test suite showed, what three runs of the unchanged code agree on, and how a later one compares."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    trace: str = ""
    """Of a failure: the frames that it went through, the outermost first, `path:line: source` each."""


@dataclass(frozen=True, kw_only=True)
class ImportFailure:
    """A file or folder that pytest could not collect."""

    id: str
    message: str


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """A test, or a test file, that no run can get past."""

    id: str
    why: str
    """What it does, in words: `hangs (...)`, `ends the run (...)`."""


@dataclass(frozen=True, kw_only=True)
class TestReport:
    """One run of a suite."""

    __test__ = False

    cases: tuple[TestCase, ...]
    collected: tuple[str, ...]
    """Every test that was to run, in order."""
    uncollected: tuple[str, ...] = ()
    """Test files that there was no time to import; their tests are not known."""
    requested: tuple[str, ...] | None = None
    """The ids that were asked for; None for all."""
    import_failures: tuple[ImportFailure, ...] = ()
    ended: Ended
    problem: str = ""
    """Why the run did not come to its own end, one sentence; empty where it did."""
    stopper: SetAside | None = None
    """The test or the file that brought about a run's early end."""
    set_aside: tuple[SetAside, ...] = ()
    """What the run got past by going on without it."""
    cut: bool = False
    """Tests were left out because the time for the run was up; it came to its own end all the same."""
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
    stoppers: tuple[SetAside, ...] = ()
    """Tests and files that no run can get past; they are never run again."""
    not_run: tuple[str, ...] = ()
    """Tests that there was no time for: no run came to them."""
    uncollected: tuple[str, ...] = ()
    """Test files that there was no time to import; their tests are not known."""
    ran_once: frozenset[str] = frozenset()
    """Tests of one outcome only, because there was no time for more: whether they are flaky is not known."""
    messages: Mapping[str, str] = field(default_factory=dict)
    """Of failing tests: the heart of the failure."""
    durations_s: Mapping[str, float] = field(default_factory=dict)
    """The shortest of each test's durations, of those that passed."""
    seconds: float
    """The shortest whole run's wall time; where none was whole, the longest."""

    @property
    def known(self) -> frozenset[str]:
        """Every test that was seen at all and can be run."""
        return frozenset({*self.stable, *self.failing, *self.flaky, *self.skipped})

    @property
    def left_out(self) -> tuple[str, ...]:
        """What no run may come to."""
        return tuple(stopper.id for stopper in self.stoppers)


def baseline(runs: Sequence[TestReport]) -> Baseline:
    """What all `runs` of the suite on the unchanged code agree on; the first one names all of its tests.

    A run may be of some tests only, or cut short: a test is judged by the runs that came to it.

    Raises:
        UserError: a run did not come to its end, there are no tests, none could be imported, or none passes.
    """
    for run in runs:
        _refuse_useless(run)
    stoppers = {one.id: one for run in runs for one in run.set_aside}
    outcomes, durations_s, messages = _gathered(runs, stoppers)
    kinds = {test: _kind(seen, expected) for test, (seen, expected) in outcomes.items()}
    stable = {test: outcomes[test][0][0] for test, kind in kinds.items() if kind == "stable"}
    if not stable:
        _refuse_failing(runs)
    whole = [run.seconds for run in runs if run.requested is None and not run.cut]
    return Baseline(
        stable=stable,
        failing=tuple(test for test, kind in kinds.items() if kind == "failing"),
        flaky=tuple(test for test, kind in kinds.items() if kind == "flaky"),
        skipped=tuple(test for test, kind in kinds.items() if kind == "skipped"),
        unimportable=tuple({failure.id: failure for run in runs for failure in run.import_failures}.values()),
        stoppers=tuple(stoppers.values()),
        not_run=tuple(dict.fromkeys(test for test in runs[0].collected if test not in outcomes | stoppers)),
        uncollected=runs[0].uncollected,
        ran_once=frozenset(test for test, (seen, _) in outcomes.items() if len(seen) == 1 < len(runs)),
        messages={test: messages[test] for test, kind in kinds.items() if kind == "failing"},
        durations_s={test: durations_s[test] for test in stable},
        seconds=min(whole) if whole else max(run.seconds for run in runs),
    )


def _gathered(
    runs: Sequence[TestReport], stoppers: Collection[str]
) -> tuple[dict[str, tuple[list[str], int]], dict[str, float], dict[str, str]]:
    """Each test's outcomes with how many there should be, its shortest duration, and what it said when it failed."""
    outcomes: dict[str, list[str]] = {}
    durations_s: dict[str, float] = {}
    messages: dict[str, str] = {}
    for case in (case for run in runs for case in run.cases if case.id not in stoppers):
        outcomes.setdefault(case.id, []).append(case.outcome)
        if case.outcome in GOOD:
            durations_s[case.id] = min(case.duration_s, durations_s.get(case.id, case.duration_s))
        elif case.outcome in BAD:
            messages[case.id] = case.message
    expected: Counter[str] = Counter()
    for run in runs:
        requested = None if run.requested is None else set(run.requested)
        came_to = {case.id for case in run.cases}
        expected.update(
            test for test in outcomes if test in came_to or (not run.cut and (requested is None or test in requested))
        )
    return {test: (seen, expected[test]) for test, seen in outcomes.items()}, durations_s, messages


def _kind(seen: Sequence[str], expected: int) -> str:
    if len(seen) < expected:
        return "flaky"
    if set(seen) <= BAD:
        return "failing"
    if len(set(seen)) > 1:
        return "flaky"
    return "skipped" if seen[0] == "skipped" else "stable"


def _refuse_failing(runs: Sequence[TestReport]) -> None:
    cases = [case for run in runs for case in run.cases]
    count = len({case.id for case in cases})
    worst = min(cases, key=lambda case: (case.outcome not in BAD, case.outcome == "passed"))
    none = "its one test does not pass" if count == 1 else f"none of the {count} tests passes"
    raise UserError(
        f"{none} on the unchanged code (first: {worst.id}: {worst.message[:200]}); "
        "mend the environment in hasten.toml (`install`, `env`), or choose other tests by `tests = [...]`",
        status=422,
        detail=runs[0].tail,
    )


def _refuse_useless(run: TestReport) -> None:
    if run.import_failures and not run.cases:
        first = run.import_failures[0]
        raise UserError(
            f"no test file could be imported (first: {first.id or 'the project folder'}); name what is missing in "
            'hasten.toml, such as `install = ["the-package"]`, or choose other tests by `tests = [...]`',
            status=422,
            detail=first.message,
        )
    if run.problem and not run.collected:
        raise UserError(
            f"pytest did not come to the first test: {run.problem}; look at its conftest files and plugins (those that "
            'are not wanted go by `pytest-args = ["-p", "no:NAME"]` in hasten.toml)',
            status=422,
            detail=run.tail,
        )
    if run.problem:
        raise UserError(
            f"the test suite of the unchanged code did not come to its end: {run.problem}; choose which tests run by "
            '`tests = ["tests/unit"]` or `pytest-args = ["--deselect=ID"]` in hasten.toml',
            status=422,
            detail=run.tail,
        )
    if run.set_aside and not run.cases:
        first_aside = run.set_aside[0]
        raise UserError(
            f"no test of the unchanged code came to its end (first: {first_aside.id} {first_aside.why}); choose which "
            'tests run by `tests = ["tests/unit"]` in hasten.toml',
            status=422,
            detail=run.tail,
        )
    if not run.cases and run.requested is None:
        raise UserError(
            'pytest found no tests; name where they are in hasten.toml, such as `tests = ["tests"]`, name a command '
            'that tests, such as `test = "make check"`, or take the repository where an archive was made without them',
            status=422,
            detail=run.tail,
        )


def without(base: Baseline, flaky: Collection[str]) -> Baseline:
    """The baseline with further tests known to be flaky."""
    stable = {test: outcome for test, outcome in base.stable.items() if test not in flaky}
    return replace(base, stable=stable, flaky=(*base.flaky, *sorted(flaky)))


def compare(base: Baseline, report: TestReport) -> tuple[str, ...]:
    """What went wrong since the baseline, a sentence each; empty where every stable test is as it was."""
    problems = _ended_early(report)
    outcomes = {case.id: case for case in report.cases}
    expected = base.known if report.requested is None else base.known & set(report.requested)
    known_failures = {failure.id for failure in base.unimportable}
    fresh_failures = [failure for failure in report.import_failures if failure.id not in known_failures]
    if fresh_failures:
        problems.append(f"{_named(failure.id for failure in fresh_failures)} cannot be imported any more.")
    missing = [test for test in sorted(expected - set(base.flaky)) if test not in outcomes]
    if missing and report.stopper is None:
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


def _ended_early(report: TestReport) -> list[str]:
    if report.stopper is not None:
        return [f"{report.stopper.id} {report.stopper.why}."]
    return [f"The suite did not come to its end: {report.problem}."] if report.problem else []


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
