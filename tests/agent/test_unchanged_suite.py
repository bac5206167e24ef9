"""The suite of the unchanged code within a share of the budget: what runs, what is left out, what is said of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

import agent.suite
from agent.domain import Budget, Job
from agent.suite import UnchangedSuite
from tools.impact import Touched
from tools.profile.profile import Profile
from tools.profile.source import Function
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Ended
from tools.testreport import SetAside, TestCase, TestReport
from tools.testsuite import SuiteOrder, SuiteRun
from tools.workload.recording import Wanted

OVERHEAD_S = 2.0
HOT = Function(path="m.py", qualname="hot")
PROFILE = Profile(functions=(), folded="m.py:hot 3\n", samples=300, cpu_s=1.5, project_cpu_s=1.0)
PLENTY = 5000


@dataclass(kw_only=True)
class Suite:
    """A suite that takes no time: tests of known duration, by name."""

    durations_s: dict[str, float]
    stoppers: frozenset[str] = frozenset()
    hot: frozenset[str] = frozenset()
    watched: frozenset[str] = frozenset()
    """Tests that fail while calls are recorded."""
    moody: frozenset[str] = frozenset()
    """Tests that fail under the third hash seed."""
    samples: int = PLENTY
    recording: float = 1.0
    """Times as long as otherwise that a test takes while calls are recorded."""
    orders: list[SuiteOrder] = field(default_factory=list)

    def run(
        self,
        _sandbox: object,
        _environment: object,
        _tree: object,
        _recipe: object,
        order: SuiteOrder,
        _watch: Callable[..., None],
    ) -> SuiteRun:
        self.orders.append(order)
        wanted = list(self.durations_s if order.ids is None else order.ids)
        collected = tuple(test for test in wanted if test not in order.left_out)
        cases: list[TestCase] = []
        spent_s, stopper, cut = 0.0, None, False
        for test in collected:
            if order.most_s is not None and spent_s > order.most_s:
                cut = True
                break
            if test in self.stoppers:
                stopper = SetAside(id=test, why="hangs (it had not ended)")
                spent_s += order.patience_s
                break
            spent_s += self.durations_s[test] * (self.recording if order.record else 1.0)
            fails = (test in self.watched and order.record) or (test in self.moody and order.hash_seed == 3)
            outcome = "failed" if fails else "passed"
            cases.append(TestCase(id=test, outcome=outcome, duration_s=self.durations_s[test]))
        report = TestReport(
            cases=tuple(cases), collected=collected, requested=None if order.ids is None else tuple(order.ids),
            ended=Ended.EXITED, stopper=stopper, cut=cut, seconds=OVERHEAD_S + spent_s, hash_seed=order.hash_seed,
            problem="it was ended" if stopper else "",
        )  # fmt: skip
        by_test = {case.id: frozenset({HOT}) if case.id in self.hot else frozenset[Function]() for case in cases}
        return SuiteRun(
            report=report,
            touched=Touched(by_test=by_test, at_import=frozenset()),
            profile=replace(PROFILE, samples=self.samples),
        )


def thrice(monkeypatch: pytest.MonkeyPatch, suite: Suite, budget_s: float) -> Any:
    """All three runs, as a job with this budget makes them; what they agree on."""
    monkeypatch.setattr(agent.suite, "run_suite", suite.run)
    quiet = SimpleNamespace(phase=lambda *_: None, note=lambda *_: None)
    nothing = SimpleNamespace(suite=lambda _title, _asked, make, _whole: (make(), False))
    side = SimpleNamespace(sandbox=None, environment=None, tree=None)
    job = Job(id="j", source="/s", budget=Budget(wall_s=budget_s), created=datetime(2026, 1, 1, tzinfo=UTC))
    runs = UnchangedSuite(side=side, recipe=Recipe(), job=job, kit=SimpleNamespace(progress=quiet), known=nothing)  # type: ignore[arg-type]
    touched = runs.touch()
    runs.sample()
    runs.record([Wanted(module="m", qualname="hot", path="m.py", line=1)], touched)
    return runs.agreed()


def durations(count: int, each_s: float) -> dict[str, float]:
    return {f"tests/test_{n // 100}.py::test_{n:04}": each_s for n in range(count)}


def seconds(orders: Sequence[SuiteOrder], suite: Suite) -> float:
    return sum(OVERHEAD_S + sum(suite.durations_s[test] for test in order.ids or suite.durations_s) for order in orders)


def test_recording_that_is_slower_than_it_seemed_still_comes_to_every_test(monkeypatch: pytest.MonkeyPatch) -> None:
    suite = Suite(durations_s=durations(100, 0.1), recording=6.0)
    thrice(monkeypatch, suite, 900.0)
    assert suite.orders[-1].record
    assert suite.orders[-1].ids is None
    assert suite.orders[-1].most_s is not None
    assert suite.orders[-1].most_s > 60.0


def test_a_test_that_fails_only_while_somebody_looks_on_is_not_flaky(monkeypatch: pytest.MonkeyPatch) -> None:
    tests = durations(20, 0.1)
    counts_frames, moody = list(tests)[3], list(tests)[5]
    suite = Suite(durations_s=tests, watched=frozenset({counts_frames}), moody=frozenset({moody}))
    agreed = thrice(monkeypatch, suite, 900.0)
    assert counts_frames in agreed.stable
    assert agreed.flaky == (moody,)
    assert suite.orders[3].ids == [counts_frames, moody]
    assert (suite.orders[3].mode, suite.orders[3].hash_seed) == ("plain", 3)


def test_a_quick_suite_is_sampled_until_its_functions_can_be_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    suite = Suite(durations_s=durations(20, 0.01), samples=300)
    agreed = thrice(monkeypatch, suite, 900.0)
    assert [order.mode for order in suite.orders] == ["touch", "sample", "sample", "sample", "sample", "record"]
    assert len(agreed.stable) == 20
    hurried = Suite(durations_s=durations(20, 0.01), samples=300)
    thrice(monkeypatch, hurried, 50.0)
    assert [order.mode for order in hurried.orders].count("sample") == 2


def test_a_quick_suite_runs_three_times_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    suite = Suite(durations_s=durations(100, 0.1))
    found = thrice(monkeypatch, suite, 900.0)
    assert [order.ids for order in suite.orders] == [None, None, None]
    assert [order.mode for order in suite.orders] == ["touch", "sample", "record"]
    assert (len(found.stable), found.not_run, found.ran_once) == (100, (), frozenset())


def test_a_longer_suite_runs_once_in_full_and_is_sampled_then(monkeypatch: pytest.MonkeyPatch) -> None:
    durations_s = durations(1000, 0.1)
    hot = frozenset(list(durations_s)[::100])
    suite = Suite(durations_s=durations_s, hot=hot)
    found = thrice(monkeypatch, suite, 900.0)
    whole, profiled, recorded = suite.orders
    assert whole.ids is None
    assert 100 < len(profiled.ids or ()) < 1000
    assert hot <= set(recorded.ids or ())
    assert (len(found.stable), found.not_run) == (1000, ())
    assert found.ran_once == set(durations_s) - set(profiled.ids or ()) - set(recorded.ids or ())
    assert seconds(suite.orders, suite) < 0.4 * 900


def test_a_suite_over_the_budget_is_a_prefix_and_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    suite = Suite(durations_s=durations(5000, 1.0))
    found = thrice(monkeypatch, suite, 900.0)
    names = list(suite.durations_s)
    ran = set(found.stable)
    assert set(names[:100]) <= ran
    assert len(ran & set(names[2500:])) > 10
    assert len(ran) + len(found.not_run) == 5000
    assert 120 < len(ran) <= 180
    assert seconds(suite.orders[1:], suite) < 0.4 * 900


@pytest.mark.parametrize("budget_s", [900.0, 60.0])
def test_a_test_that_hangs_is_met_once(monkeypatch: pytest.MonkeyPatch, budget_s: float) -> None:
    durations_s = durations(20, 0.01)
    hanging = list(durations_s)[7]
    suite = Suite(durations_s=durations_s, stoppers=frozenset({hanging}))
    found = thrice(monkeypatch, suite, budget_s)
    assert [one.id for one in found.stoppers] == [hanging]
    assert len(found.stable) == 19
    assert (found.not_run, found.flaky, found.ran_once) == ((), (), frozenset())
    assert all(hanging in order.left_out for order in suite.orders[1:])
    assert suite.orders[0].patience_s <= 30.0
