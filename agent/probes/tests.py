"""The probes that run the repository's own tests against the candidate, compared with the baseline's stable ones."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from agent.bench import Bench, texts
from agent.evidence import Tested
from agent.judge import HASH_SEEDS
from agent.suite import patience_s
from tools.impact import Selected, changed_functions, impacted, select_tests
from tools.recipe.build_inputs import NATIVE_SUFFIXES
from tools.sandbox.contract import Limits
from tools.testreport import GOOD, TestReport, compare, without
from tools.testsuite import SuiteOrder, run_suite

LEAST_LIMIT_S = 60.0
SLACK = 5.0
"""A candidate's tests may take this many times as long as the baseline's before they are stopped."""


MOST_DOUBTED = 50
"""If more tests than this go wrong, it is not because they are flaky."""


def on_impacted(bench: Bench) -> Tested:
    """The tests that the edit can reach, quickest first."""
    return _run(bench, _selected(bench), hash_seeds=[_hash_seed(bench, 0)])


def under_more_hash_seeds(bench: Bench) -> Tested:
    """The same tests again under further hash seeds: what leans on the order of a set shows here."""
    return _run(bench, _selected(bench), hash_seeds=[_hash_seed(bench, n) for n in range(1, HASH_SEEDS)])


def on_everything(bench: Bench) -> Tested:
    """The whole suite, once per delivered tree; over the tests budget, the impacted ones and a sample."""
    return _run(bench, _selected(bench, full=True), hash_seeds=[_hash_seed(bench, HASH_SEEDS)])


def _selected(bench: Bench, *, full: bool = False) -> Selected:
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


def _run(bench: Bench, selected: Selected, *, hash_seeds: Sequence[int]) -> Tested:
    """One run for each hash seed, until one has problems; no tests to run is said, not held against it."""
    suite = bench.baseline.suite
    problems: tuple[str, ...] = ()
    cheat: str | None = None
    passed = failed = 0
    runs = hash_seeds if selected.ids is None or selected.ids else ()
    for hash_seed in runs:
        side = bench.challenger
        run = run_suite(
            side.sandbox,
            side.environment,
            side.tree,
            bench.baseline.recipe,
            SuiteOrder(
                ids=selected.ids,
                left_out=suite.left_out,
                hash_seed=hash_seed,
                limits=Limits(wall_s=max(LEAST_LIMIT_S, SLACK * suite.seconds)),
                patience_s=patience_s(bench.baseline.recipe, suite),
                scope=selected.scope,
            ),
        )
        stable = [case for case in run.report.cases if case.id in suite.stable]
        passed = sum(1 for case in stable if case.outcome in GOOD)
        failed = len(stable) - passed
        problems = compare(suite, run.report)
        if problems and not run.report.forged:
            problems = compare(without(suite, _found_flaky(bench, run.report)), run.report)
        if run.report.forged:
            cheat = run.report.problem
        if problems or cheat:
            break
    return Tested(
        passed=passed,
        failed=failed,
        flaky=len(suite.flaky),
        scope=selected.scope,
        hash_seeds=tuple(hash_seeds),
        problems=problems,
        cheat=cheat,
    )


def _found_flaky(bench: Bench, report: TestReport) -> frozenset[str]:
    """Tests that there was no time to repeat before, went wrong now, and go wrong on the unchanged code too."""
    suite, side = bench.baseline.suite, bench.baseline.side
    now = {case.id: case.outcome for case in report.cases}
    wrong = [test for test in suite.ran_once if suite.stable.get(test) != now.get(test, suite.stable.get(test))]
    if not wrong or len(wrong) > MOST_DOUBTED:
        return frozenset()
    flaky: set[str] = set()
    for hash_seed in (report.hash_seed, report.hash_seed + 1):
        order = SuiteOrder(
            ids=wrong,
            left_out=suite.left_out,
            hash_seed=hash_seed,
            limits=Limits(wall_s=max(LEAST_LIMIT_S, SLACK * suite.seconds)),
            patience_s=patience_s(bench.baseline.recipe, suite),
        )
        again = run_suite(side.sandbox, side.environment, side.tree, bench.baseline.recipe, order).report
        outcomes = {case.id: case.outcome for case in again.cases}
        flaky.update(test for test in wrong if outcomes.get(test) != suite.stable[test])
    return frozenset(flaky)


def _hash_seed(bench: Bench, number: int) -> int:
    """The first repeats a baseline run's: a difference is then the candidate's alone. The others are fresh."""
    return 1 if number == 0 else (bench.seed + number * 7919) % (1 << 32)
