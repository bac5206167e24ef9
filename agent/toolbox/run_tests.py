"""The tool that runs the repository's tests."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from agent.desk import Desk
from agent.failing import FailedTest, failures_of
from agent.testing import named_tests, order_of, run_on, select
from agent.toolbox.tool import Arguments, Manner, Tool
from agent.tryout import syntax_problem, target_of
from tools.impact import Selected, select_tests
from tools.testreport import GOOD, Baseline, TestReport

HASH_SEED = 1
"""A baseline run's: what differs is the code's doing."""
MOST_SHOWN = 8
MOST_ALIKE = 2
"""Failures shown of one test with several parameters, and of one place in the code."""
MOST_NAMED = 20
MOST_SLOWEST = 3
LEAST_SLOW_S = 0.05
MOST_TRACE_LINES = 8
STOPPERS = ("hangs", "ends the run")
NO_HELP = ("Use -v to get more diff", "Use -v to get the full diff")
"""Lines of pytest's that speak of options which nobody can give here."""


class RunTestsArguments(Arguments):
    """Arguments of `run_tests`."""

    tests: list[str] | None = Field(
        default=None,
        description="Tests by pytest's ids, files, folders or parts of names. Left out: those that the edits reach.",
    )
    all: bool = Field(default=False, description="True for the whole suite, as far as its time budget goes.")


@dataclass(frozen=True, kw_only=True)
class _Failed:
    """The failures of a run, and the code they are of."""

    patch: str
    failures: tuple[FailedTest, ...]


def _run_tests(desk: Desk, arguments: RunTestsArguments) -> str:
    if problem := syntax_problem(desk):
        return f"Nothing was run: {problem}"
    bench = desk.bench()
    side = desk.side()
    selected, what = _selected(desk, arguments)
    if selected.ids == ():
        return f"No test was run: {what}. Name some with `tests`, or take all=true."
    report = run_on(bench, side, order_of(bench, selected.ids, hash_seed=HASH_SEED, scope=selected.scope)).report
    failures = failures_of(report, desk.baseline.suite)
    desk.notes["failed tests"] = _Failed(patch=desk.patch, failures=failures)
    return _in_words(desk.baseline.suite, report, failures, what)


def failed_before(desk: Desk) -> tuple[FailedTest, ...]:
    """What failed in the last run of tests on the code as it stands, and not on the unchanged code."""
    last = desk.notes.get("failed tests")
    if not isinstance(last, _Failed) or last.patch != desk.patch:
        return ()
    return tuple(one for one in last.failures if not one.unchanged_too)


def _selected(desk: Desk, arguments: RunTestsArguments) -> tuple[Selected, str]:
    """(what to run, in words which tests these are); raises ToolError where a name means none."""
    suite = desk.baseline.suite
    if arguments.tests:
        ids = tuple(dict.fromkeys(test for name in arguments.tests for test in named_tests(suite, name)))
        return Selected(ids=ids, scope="impacted", impacted=len(ids)), "the tests that were named"
    if arguments.all:
        chosen = select(desk.bench(), full=True)
        return (
            chosen,
            "the whole suite" if chosen.ids is None else "a sample of the suite, which takes too long as a whole",
        )
    if desk.patch == desk.directive.parent.patch:
        target = target_of(desk)
        reached = [test for test, ran in desk.baseline.touched.by_test.items() if target in ran]
        reached += desk.baseline.recipe.test  # what a command runs is not known
        reached.sort(key=lambda test: (suite.durations_s.get(test, 0.0), test))
        budget_s = desk.baseline.recipe.tests_budget_s
        chosen = select_tests(suite, reached, budget_s=budget_s, seed=desk.job.seed)
        return chosen, f"nothing was edited: the tests that run {target.qualname}"
    chosen = select(desk.bench())
    sample = "a sample of " if chosen.scope == "sample" else ""
    return chosen, f"{sample}the tests that the edits can reach"


def _in_words(suite: Baseline, report: TestReport, failures: Sequence[FailedTest], what: str) -> str:
    fresh = [one for one in failures if not one.unchanged_too]
    ended = [one for one in fresh if one.outcome not in STOPPERS and one.test not in suite.flaky]
    passed = sum(1 for case in report.cases if case.outcome in GOOD)
    head = f"{passed} of {len(report.cases)} tests pass ({what}; {report.seconds:.1f} s)."
    if not report.cases:
        head = f"No test came to its end ({what}; {report.seconds:.1f} s)."
    if ended:
        head += f" {len(ended)} {'goes' if len(ended) == 1 else 'go'} wrong that the unchanged code passes."
    parts = [head, *_problem(report), *_failures(ended)]
    if flaky := [one.test for one in fresh if one.test in suite.flaky]:
        parts.append(f"Flaky on the unchanged code, so these say nothing: {_names(flaky)}.")
    if known := [one.test for one in failures if one.unchanged_too]:
        parts.append(f"Fails on the unchanged code too, and is no fault of the edits: {_names(known)}.")
    if skipped := [case.id for case in report.cases if case.outcome == "skipped" and case.id in suite.stable]:
        parts.append(f"Skipped now, though they ran before (that counts as a failure): {_names(skipped)}.")
    return "\n\n".join([*parts, *_slowest(report), *_left_out(suite, report)])


def _problem(report: TestReport) -> list[str]:
    if report.stopper is None and not report.problem:
        return []
    who = f"{report.stopper.id} {report.stopper.why}" if report.stopper else report.problem
    tail = f" Its last words:\n{report.tail[-600:]}" if report.tail.strip() else ""
    return [f"The run ended early: {who}.{tail}"]


def _failures(failures: Sequence[FailedTest]) -> Iterator[str]:
    """Each failure; of one test with many parameters, and of those at one place, the first few, the others by name."""
    shown = 0
    others: list[str] = []
    counts: Counter[str] = Counter()
    for one in failures:
        alike = (one.test.partition("[")[0], f"{one.where} {one.error}")
        counts.update(alike)
        if max(counts[name] for name in alike) > MOST_ALIKE or shown >= MOST_SHOWN:
            others.append(one.test)
        else:
            shown += 1
            yield failure_in_words(one)
    if others:
        yield f"Wrong as well, most of them in the same way: {_names(others)}."


def failure_in_words(one: FailedTest) -> str:
    """One failure: what it said, and the way there."""
    where = f" at {one.where}" if one.where else ""
    error = f"{one.error}: " if one.error and not one.message.startswith(one.error) else ""
    said = [line for line in one.message.splitlines() if line.strip() and line.strip() not in NO_HELP]
    rows = [f"{one.outcome.upper()} {one.test}{where}"]
    rows += [f"  {line}" for line in (error + "\n".join(said)).splitlines()]
    frames = one.trace.splitlines()
    if len(frames) > MOST_TRACE_LINES:
        frames = [*frames[: MOST_TRACE_LINES // 2], "...", *frames[-MOST_TRACE_LINES // 2 :]]
    return "\n".join([*rows, *(f"    {frame}" for frame in frames)])


def _slowest(report: TestReport) -> list[str]:
    slow = sorted(report.cases, key=lambda case: (-case.duration_s, case.id))[:MOST_SLOWEST]
    shown = [f"{case.id} ({case.duration_s:.2f} s)" for case in slow if case.duration_s >= LEAST_SLOW_S]
    return [f"The slowest: {', '.join(shown)}."] if shown else []


def _left_out(suite: Baseline, report: TestReport) -> list[str]:
    asked = set(report.collected)
    done = {case.id for case in report.cases}
    missing = sorted(asked - done - ({report.stopper.id} if report.stopper else set()))
    parts = [f"{len(missing)} did not get their turn: {_names(missing)}."] if missing else []
    if others := len(suite.known - asked):
        parts.append(f"{others} other tests were not run.")
    if suite.left_out:
        parts.append(f"Never run, for no run gets past them: {_names(suite.left_out)}.")
    return [" ".join(parts)] if parts else []


def _names(tests: Sequence[str]) -> str:
    shown = ", ".join(tests[:MOST_NAMED])
    return shown if len(tests) <= MOST_NAMED else f"{shown} and {len(tests) - MOST_NAMED} more"


RUN_TESTS = Tool(
    name="run_tests",
    description=(
        "Runs the repository's tests on the code as it stands, by default those that the edits can reach. Answers with "
        "each failure (place, values, the way there), what fails on the unchanged code too, the slowest tests and what "
        'was left out. Example: run_tests(tests=["tests/test_lexer.py::test_split"]) runs one test.'
    ),
    arguments=RunTestsArguments,
    run=_run_tests,
    manner=Manner.LOOKS,
    repeatable=False,
)
