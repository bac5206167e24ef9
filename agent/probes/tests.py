"""The probes that run the repository's own tests against the candidate, compared with the baseline's stable ones."""

from collections.abc import Sequence

from agent.bench import Bench
from agent.evidence import Tested
from agent.judge import HASH_SEEDS
from agent.testing import order_of, problems_of, run_on, select
from tools.impact import Selected
from tools.testreport import GOOD


def on_impacted(bench: Bench) -> Tested:
    """The tests that the edit can reach, quickest first."""
    return _run(bench, select(bench), hash_seeds=[_hash_seed(bench, 0)])


def under_more_hash_seeds(bench: Bench) -> Tested:
    """The same tests again under further hash seeds: what leans on the order of a set shows here."""
    return _run(bench, select(bench), hash_seeds=[_hash_seed(bench, n) for n in range(1, HASH_SEEDS)])


def on_everything(bench: Bench) -> Tested:
    """The whole suite, once per delivered tree; over the tests budget, the impacted ones and a sample."""
    return _run(bench, select(bench, full=True), hash_seeds=[_hash_seed(bench, HASH_SEEDS)])


def _run(bench: Bench, selected: Selected, *, hash_seeds: Sequence[int]) -> Tested:
    """One run for each hash seed, until one has problems; no tests to run is said, not held against it."""
    suite = bench.baseline.suite
    problems: tuple[str, ...] = ()
    cheat: str | None = None
    passed = failed = 0
    runs = hash_seeds if selected.ids is None or selected.ids else ()
    for hash_seed in runs:
        order = order_of(bench, selected.ids, hash_seed=hash_seed, scope=selected.scope)
        report = run_on(bench, bench.challenger, order).report
        stable = [case for case in report.cases if case.id in suite.stable]
        passed = sum(1 for case in stable if case.outcome in GOOD)
        failed = len(stable) - passed
        problems = problems_of(bench, report)
        if report.forged:
            cheat = report.problem
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


def _hash_seed(bench: Bench, number: int) -> int:
    """The first repeats a baseline run's: a difference is then the candidate's alone. The others are fresh."""
    return 1 if number == 0 else (bench.seed + number * 7919) % (1 << 32)
