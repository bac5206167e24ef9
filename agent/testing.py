"""Runs the repository's own tests on a side, for the probes that judge and for the tools of a session."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import PurePosixPath

from agent.bench import Bench, texts
from agent.suite import patience_s
from tools.errors import ToolError
from tools.impact import Selected, changed_functions, impacted, select_tests
from tools.recipe.build_inputs import NATIVE_SUFFIXES
from tools.sandbox.contract import Limits
from tools.testreport import Baseline, Scope, TestReport, compare, without
from tools.testsuite import SuiteOrder, SuiteRun, run_suite
from tools.workload.session import Side

LEAST_LIMIT_S = 60.0
SLACK = 5.0
"""A candidate's tests may take this many times as long as the baseline's before they are stopped."""
MOST_DOUBTED = 50
"""If more tests than this go wrong, it is not because they are flaky."""


def select(bench: Bench, *, full: bool = False) -> Selected:
    """The tests that the candidate's changes can reach; where `full`, the whole suite, or what there is time for."""
    baseline = bench.baseline
    before, after = texts(bench.before), texts(bench.after)
    changes = {path: changed_functions(before[path] or "", after[path] or "") for path in after if path.endswith(".py")}
    reached = impacted(
        baseline.touched,
        changes,
        tree=baseline.side.tree,
        sources=baseline.sources,
        durations_s=baseline.suite.durations_s,
    )
    reached = (*reached, *baseline.recipe.test)  # what a command runs is not known
    budget_s = baseline.recipe.tests_budget_s
    # Nothing tells which tests reach compiled code.
    full = full or any(PurePosixPath(path).suffix in NATIVE_SUFFIXES for path in after)
    return select_tests(baseline.suite, reached, budget_s=budget_s, seed=bench.seed, full=full)


def order_of(bench: Bench, ids: Sequence[str] | None, *, hash_seed: int, scope: Scope | None = None) -> SuiteOrder:
    """A run of these tests, or of all where None, that is ended where it takes far longer than it ever did."""
    suite = bench.baseline.suite
    return SuiteOrder(
        ids=ids,
        left_out=suite.left_out,
        hash_seed=hash_seed,
        limits=Limits(wall_s=max(LEAST_LIMIT_S, SLACK * suite.seconds)),
        patience_s=patience_s(bench.baseline.recipe, suite),
        scope=scope,
    )


def run_on(bench: Bench, side: Side, order: SuiteOrder) -> SuiteRun:
    """Run tests on a side of the bench."""
    return run_suite(side.sandbox, side.environment, side.tree, bench.baseline.recipe, order)


def problems_of(bench: Bench, report: TestReport) -> tuple[str, ...]:
    """What went wrong since the baseline, a sentence each; what a doubtful test does is asked of the unchanged code."""
    suite = bench.baseline.suite
    problems = compare(suite, report)
    if problems and not report.forged:
        problems = compare(without(suite, _found_flaky(bench, report)), report)
    return problems


def _found_flaky(bench: Bench, report: TestReport) -> frozenset[str]:
    """Tests that there was no time to repeat before, went wrong now, and go wrong on the unchanged code too."""
    suite = bench.baseline.suite
    now = {case.id: case.outcome for case in report.cases}
    wrong = [test for test in suite.ran_once if suite.stable.get(test) != now.get(test, suite.stable.get(test))]
    if not wrong or len(wrong) > MOST_DOUBTED:
        return frozenset()
    flaky: set[str] = set()
    for hash_seed in (report.hash_seed, report.hash_seed + 1):
        again = run_on(bench, bench.baseline.side, order_of(bench, wrong, hash_seed=hash_seed)).report
        outcomes = {case.id: case.outcome for case in again.cases}
        flaky.update(test for test in wrong if outcomes.get(test) != suite.stable[test])
    return frozenset(flaky)


def named_tests(suite: Baseline, name: str) -> list[str]:
    """The tests that a name means: an id, a file or folder, a class, or a part of ids; raises ToolError for none."""
    known = sorted({*suite.known, *suite.left_out})
    wanted = name.strip().removeprefix("./")
    if wanted in suite.left_out:
        why = next(one.why for one in suite.stoppers if one.id == wanted)
        raise ToolError(f"{wanted} is never run: on the unchanged code it {why}.")
    runnable = [test for test in known if test not in suite.left_out]
    if wanted in runnable:
        return [wanted]
    below = [test for test in runnable if test.startswith((f"{wanted}::", f"{wanted}[", f"{wanted.rstrip('/')}/"))]
    found = below or [test for test in runnable if wanted.lower() in test.lower()]
    if not found:
        near = get_close_matches(wanted, runnable, n=3, cutoff=0.3)
        offered = f"; did you mean {' or '.join(near)}?" if near else f"; there are {len(runnable)} tests."
        raise ToolError(f"No test is called {name!r}{offered}")
    return found
