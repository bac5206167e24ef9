"""The test suite of the unchanged code: three runs where there is time, and what is left out where there is not."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from agent.absent import absent_tests
from agent.domain import Job, StepKind
from agent.kit import Kit
from agent.known import Known
from agent.samples import sampled_enough
from agent.suitewatch import SuiteWatch
from tools.errors import UserError
from tools.impact import Touched
from tools.profile.profile import Profile
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Limits
from tools.testreport import BAD, GOOD, Baseline, TestReport, baseline
from tools.testsuite import Mode, SuiteOrder, SuiteRun, run_suite
from tools.wholesuite import joined, run_through
from tools.workload.recording import Wanted
from tools.workload.session import Side

ALL_RUNS_SHARE = 0.4
"""Of the job's time budget, for all runs of the unchanged code's suite."""
FIRST_RUN_SHARE = 0.2
"""Of the job's time budget, for the first run, which is to come to every test."""
COLLECTING_SHARE, LEAST_COLLECTING_S = 0.2, 60.0
"""Of the job's time budget, and at least so long, for importing all test files; files beyond that are left out."""
IN_ORDER_SHARE = 0.6
"""Of the first run's time, in pytest's order; a suite that takes longer is sampled in what is left."""
OVERDRAWN = 3
"""Times as many tests are drawn as seem to fit."""
LEAST_RUN_S = 10.0
"""A run may take this long however small the budget."""
COSTS: dict[Mode, float] = {"sample": 1.3, "record": 2.2}
"""What looking on costs against the first run, which marks functions, rather too much than too little."""
SHARES_OF_REST: dict[Mode, float] = {"sample": 0.5, "record": 1.0}
"""Of the time that is left, for the second and the third run at most."""
SLOWER: dict[Mode, float] = {"sample": 2.0, "record": 8.0}
"""Times what it seems to cost that a run may take; calls that the last one does not come to can never be replayed."""
PICKLING_SHARE, LEAST_PICKLING_S = 0.8, 0.6
"""What pickling calls may take: times as long as the run takes otherwise, and at least so many seconds."""
RUNS = 3
MOST_DOUBTED = 100
"""Tests that are run once more to see whether looking on made them fail."""
LEAST_PATIENCE_S = 5.0
PATIENCE_SHARE = 0.3
"""Of a run's time: no test may take more of it."""
SLACK = 5.0
"""A test may take this many times as long as the longest one did before."""
START_S = 120.0
"""Beyond a run's time, at least: for imports and collection, before the first test."""


def patience_s(recipe: Recipe, known: Baseline) -> float:
    """How long a test of a candidate may take before it is taken to hang."""
    return max(recipe.test_limit_s, SLACK * max(known.durations_s.values(), default=0.0))


def pickling_s(run_s: float) -> float:
    """What pickling recorded calls may take in a run that takes `run_s` otherwise."""
    return max(LEAST_PICKLING_S, PICKLING_SHARE * run_s)


@dataclass(kw_only=True)
class UnchangedSuite:
    """Runs the suite of one side up to three times within a share of the job's budget, and says what the runs agree on.

    The first run comes to every test and tells which functions each one runs, in pytest's order; where its time is up
    it goes on with a seeded sample of the rest. The other two run all that the first one came to where there is time,
    and a seeded sample of it where not.
    """

    side: Side
    recipe: Recipe
    job: Job
    kit: Kit
    known: Known
    _runs: list[SuiteRun] = field(default_factory=list)
    _spent_s: float = 0.0
    _overhead_s: float = float("inf")
    """Of a process: its start, and collection."""

    def touch(self) -> Touched:
        """The first run; raises UserError where the suite cannot serve."""
        time_s = max(LEAST_RUN_S, FIRST_RUN_SHARE * self.job.budget.wall_s)
        first = self._run("touch", most_s=IN_ORDER_SHARE * time_s)
        baseline([first.report])  # a suite that cannot serve is refused before it is run twice more
        if first.report.cut:
            first = self._with_sample(first, time_s - first.report.seconds)
        self._runs.append(first)
        assert first.touched is not None
        return first.touched

    def sample(self) -> Profile:
        """The second run: where the time goes; raises UserError where nothing came of it."""
        whole_s = self._cost_s("sample", self._tests) + self._cost_s("record", self._tests)
        ids = None if whole_s <= self._left_s else self._drawn("sample", self._tests, 0.4 * self._left_s)
        run = self._again("sample", ids)
        if run.profile is None:  # the last of its tests ended it; now it is set aside
            run = self._again("sample", ids)
        if run.profile is None:
            raise UserError(
                "the suite's second run was ended by a test twice, so there is no profile "
                f"({self._left_out[-1]}); leave such tests out by `pytest-args` in hasten.toml",
                status=422,
            )
        return run.profile

    def record(self, wanted: Sequence[Wanted], touched: Touched) -> SuiteRun:
        """The third run: calls of the functions that are `wanted`, which need tests that run them."""
        if self._cost_s("record", self._tests) <= self._left_s and len(self._runs[-1].report.cases) == len(self._tests):
            return self._again("record", None, wanted)
        names = {(one.path, one.qualname) for one in wanted}
        reaching = [
            test
            for test in self._tests
            if any((one.path, one.qualname) in names for one in touched.by_test.get(test, frozenset()))
        ]
        chosen = self._drawn("record", reaching, 0.6 * self._left_s)
        again = set(chosen) | {case.id for case in self._runs[-1].report.cases}
        left_s = self._left_s - self._cost_s("record", chosen)
        chosen += self._drawn("record", [test for test in self._tests if test not in again], left_s)
        return self._again("record", chosen, wanted)

    def agreed(self) -> Baseline:
        """What the runs agree on; raises UserError where one of them did not come to its end."""
        good = {case.id for run in self._runs for case in run.report.cases if case.outcome in GOOD}
        return baseline([self._undisturbed(number, run.report, good) for number, run in enumerate(self._runs, start=1)])

    def _undisturbed(self, number: int, report: TestReport, good: Collection[str]) -> TestReport:
        """A run's report, with what tests do without anybody looking on where they fail in this run alone.

        A test that counts frames or lines may fail because calls are recorded; one that fails by itself does so again.
        """
        doubted = [case.id for case in report.cases if case.outcome in BAD and case.id in good]
        if not doubted or len(doubted) > MOST_DOUBTED:
            return report
        plain = self._run("plain", number=number, ids=doubted, left_out=self._left_out, most_s=self._left_s)
        passed = {case.id: case for case in plain.report.cases if case.outcome in GOOD}
        return replace(report, cases=tuple(passed.get(case.id, case) for case in report.cases))

    def _with_sample(self, first: SuiteRun, time_s: float) -> SuiteRun:
        """The first run, and as many of the tests it did not come to as there is time for."""
        report = first.report
        done = {case.id for case in report.cases} | {one.id for one in report.set_aside}
        rest = [test for test in report.collected if test not in done]
        each_s = sum(case.duration_s for case in report.cases) / len(report.cases)
        left_s = time_s - self._overhead_s
        fitting = int(left_s / max(each_s, 1e-4))
        if left_s <= 0 or fitting < 1 or not rest:
            return first
        # More than seem to fit: those that ran may have been the slow ones, and the time ends the run in any case.
        chosen = random.Random(self.job.seed).sample(rest, min(OVERDRAWN * fitting, len(rest)))
        left_out = tuple(one.id for one in report.set_aside)
        second = self._run("touch", ids=chosen, left_out=left_out, most_s=left_s)
        return joined(first, second)

    def _again(self, mode: Mode, ids: Sequence[str] | None, wanted: Sequence[Wanted] = ()) -> SuiteRun:
        if ids is None and self._runs[0].report.cut:
            ids = self._tests
        cost_s = self._cost_s(mode, self._tests if ids is None else ids)
        # The host may be slower by now: what does not come to its turn is left out rather than waited for.
        most_s = max(LEAST_RUN_S, min(SLOWER[mode] * cost_s, SHARES_OF_REST[mode] * self._left_s))
        run = self._run(mode, ids=ids, left_out=self._left_out, wanted=wanted, most_s=most_s)
        self._runs.append(run)
        if run.report.cut and wanted:
            came_to, of = len(run.report.cases), len(run.report.collected)
            self.kit.progress.note(f"run {RUNS} of {RUNS} came to {came_to:,} of {of:,} tests in its time")
        return run

    def _run(
        self,
        mode: Mode,
        *,
        most_s: float,
        number: int | None = None,
        ids: Sequence[str] | None = None,
        left_out: Sequence[str] = (),
        wanted: Sequence[Wanted] = (),
    ) -> SuiteRun:
        number = number or len(self._runs) + 1
        most_patience_s = max(LEAST_PATIENCE_S, PATIENCE_SHARE * most_s)
        longest_s = max((case.duration_s for run in self._runs for case in run.report.cases), default=0.0)
        order = SuiteOrder(
            ids=ids,
            left_out=left_out,
            mode=mode,
            record=wanted,
            hash_seed=number,
            limits=Limits(wall_s=most_s + max(START_S, ALL_RUNS_SHARE * self.job.budget.wall_s)),
            patience_s=max(min(self.recipe.test_limit_s, most_patience_s), SLACK * longest_s),
            most_s=most_s,
            record_s=self._pickling_s(ids) if wanted else None,
            collect_s=None if self._runs else max(LEAST_COLLECTING_S, COLLECTING_SHARE * self.job.budget.wall_s),
        )

        def make() -> SuiteRun:
            watch = SuiteWatch(self.kit, f"run {number} of {RUNS}", order.patience_s)

            def once(asked: SuiteOrder) -> SuiteRun:
                run = run_suite(self.side.sandbox, self.side.environment, self.side.tree, self.recipe, asked, watch)
                self._count(run.report)
                if run.report.stopper is not None:
                    watch.set_aside(run.report.stopper)
                return run

            run = run_through(once, order)
            if mode != "sample":
                return run
            return sampled_enough(run, lambda: run_through(once, order), self.job.budget.wall_s)

        asked = [number, ids, sorted(left_out), wanted]
        name = f"run {number} of the tests"
        if mode == "plain":
            name += ", in part"
        run, again = self.known.suite(name, asked, make, _is_whole)
        if again:
            self._count(run.report)
        return run

    def _pickling_s(self, ids: Sequence[str] | None) -> float:
        durations_s = self._durations_s
        tests = durations_s if ids is None else ids
        return pickling_s(self._overhead_s + sum(durations_s.get(test, 0.0) for test in tests))

    def _count(self, report: TestReport) -> None:
        self._spent_s += report.seconds
        overhead_s = report.seconds - sum(case.duration_s for case in report.cases)
        self._overhead_s = max(0.0, min(self._overhead_s, overhead_s))

    @property
    def _left_s(self) -> float:
        return max(LEAST_RUN_S, ALL_RUNS_SHARE * self.job.budget.wall_s - self._spent_s)

    @property
    def _left_out(self) -> tuple[str, ...]:
        return tuple(one.id for run in self._runs for one in run.report.set_aside)

    @property
    def _tests(self) -> list[str]:
        """All that the first run came to and the others may."""
        left_out = set(self._left_out)
        return [case.id for case in self._runs[0].report.cases if case.id not in left_out]

    @property
    def _durations_s(self) -> dict[str, float]:
        return {case.id: case.duration_s for case in self._runs[0].report.cases}

    def _cost_s(self, mode: Mode, tests: Sequence[str]) -> float:
        durations_s = self._durations_s
        return self._overhead_s + COSTS[mode] * sum(durations_s[test] for test in tests)

    def _drawn(self, mode: Mode, tests: Sequence[str], time_s: float) -> list[str]:
        """A seeded sample of tests that takes no longer than this; one test where not even one does."""
        durations_s = self._durations_s
        left_s = time_s - self._overhead_s
        drawn: list[str] = []
        for test in random.Random(self.job.seed).sample(tests, len(tests)):
            cost_s = COSTS[mode] * durations_s[test]
            if cost_s <= left_s:
                drawn.append(test)
                left_s -= cost_s
        return drawn or sorted(tests, key=lambda test: durations_s[test])[:1]


def _is_whole(run: SuiteRun) -> bool:
    """Whether a run may stand for another one: it came to its end by itself, whatever time it was given."""
    report = run.report
    broken = report.cut or report.set_aside or report.problem or report.forged
    return not broken and any(case.outcome == "passed" for case in report.cases)


def remember(suite: Baseline, kit: Kit) -> None:
    """Write down what the runs agree on, and say it."""
    counts = {"passed": len(suite.stable), "failed": list(suite.failing), "flaky": list(suite.flaky)}
    passes = "1 test passes" if len(suite.stable) == 1 else f"{len(suite.stable)} tests pass"
    fail = "1 fails" if len(suite.failing) == 1 else f"{len(suite.failing)} fail"
    flaky = "1 is flaky" if len(suite.flaky) == 1 else f"{len(suite.flaky)} are flaky"
    title = f"{passes}, {fail} and {flaky}"
    aside = {one.id: one.why for one in suite.stoppers}
    data = {**counts, "seconds": suite.seconds, "set_aside": aside, "not_run": len(suite.not_run)}
    kit.journal.append(StepKind.BASELINE, title, data)
    kit.progress.note(title)
    for group in absent_tests(suite):
        if group.why not in SAID:
            kit.progress.note(f"{group.why}: {len(group.tests)} (first: {group.tests[0]})")
    if suite.not_run or suite.uncollected:
        kit.progress.note("--budget-s gives the suite more time; `tests` in hasten.toml chooses which of it run")


SAID = frozenset({"failing", "flaky"})
