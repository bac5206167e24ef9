"""A test that there was no time to repeat is repeated on the unchanged code before it counts against a candidate."""

from types import SimpleNamespace
from typing import Any

import pytest

import agent.testing
from agent.probes.tests import _run
from tools.impact import Selected
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Ended
from tools.testreport import Baseline, TestCase, TestReport
from tools.testsuite import SuiteOrder, SuiteRun

CHALLENGER, UNCHANGED = (SimpleNamespace(sandbox=name, environment=None, tree=None) for name in ("new", "old"))


@pytest.mark.parametrize(
    ("old", "ran_once", "problems"),
    [
        ({2: "failed"}, {"t"}, 0),  # flaky, as the unchanged code shows
        ({}, {"t"}, 1),
        ({2: "failed"}, set(), 1),  # its three runs agreed
    ],
)
def test_only_a_test_that_fails_there_too_is_forgiven(
    monkeypatch: pytest.MonkeyPatch, old: dict[int, str], ran_once: set[str], problems: int
) -> None:
    def run(sandbox: str, _environment: object, _tree: object, _recipe: object, order: SuiteOrder) -> SuiteRun:
        outcome = "failed" if sandbox == "new" else old.get(order.hash_seed, "passed")
        cases = [TestCase(id="t", outcome=outcome, duration_s=0.1), TestCase(id="u", outcome="passed", duration_s=0.1)]
        report = TestReport(
            cases=tuple(case for case in cases if case.id in (order.ids or ("t", "u"))),
            collected=("t", "u"), requested=tuple(order.ids or ()), ended=Ended.EXITED, seconds=1.0,
            hash_seed=order.hash_seed,
        )  # fmt: skip
        return SuiteRun(report=report)

    monkeypatch.setattr(agent.testing, "run_suite", run)
    suite = Baseline(stable={"t": "passed", "u": "passed"}, ran_once=frozenset(ran_once), seconds=1.0)
    baseline = SimpleNamespace(suite=suite, side=UNCHANGED, recipe=Recipe())
    bench: Any = SimpleNamespace(baseline=baseline, challenger=CHALLENGER)
    tested = _run(bench, Selected(ids=("t", "u"), scope="impacted", impacted=2), hash_seeds=[1])
    assert len(tested.problems) == problems
