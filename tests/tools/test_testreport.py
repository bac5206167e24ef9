"""What three runs agree on, and what is a problem afterwards."""

from dataclasses import replace

import pytest

from tools.errors import UserError
from tools.sandbox.contract import Ended
from tools.testreport import ImportFailure, TestCase, TestReport, baseline, compare


def report(outcomes: dict[str, str], **fields: object) -> TestReport:
    cases = tuple(TestCase(id=test, outcome=outcome, duration_s=0.1) for test, outcome in outcomes.items())
    whole = TestReport(cases=cases, collected=tuple(outcomes), ended=Ended.EXITED, seconds=1.0, hash_seed=1)
    return replace(whole, **fields)  # type: ignore[arg-type]


GOOD = {"a": "passed", "b": "passed", "x": "xfailed", "s": "skipped", "f": "failed", "w": "passed"}
RUNS = [report(GOOD), report({**GOOD, "w": "failed", "f": "error"}), report({**GOOD, "only": "passed"})]


def test_flaky_and_failing_tests_are_set_aside_by_name():
    base = baseline(RUNS)
    assert base.stable == {"a": "passed", "b": "passed", "x": "xfailed"}
    assert (base.failing, base.flaky, base.skipped) == (("f",), ("w", "only"), ("s",))
    assert compare(base, report(GOOD)) == ()
    assert compare(base, report({**GOOD, "w": "failed", "f": "passed", "s": "passed"})) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"a": "failed"}, "a fails"),
        ({"a": "error"}, "a fails"),
        ({"a": "skipped"}, "a is skipped now"),
        ({"x": "passed"}, "x xfailed before and passed now"),
        ({"x": "failed"}, "x fails"),
        ({"s": "failed"}, "s fails"),
        ({"new": "passed"}, "1 test had not been there before: new"),
    ],
)
def test_each_change_of_a_stable_test_is_a_problem(change, said):
    (problem,) = compare(baseline(RUNS), report({**GOOD, **change}))
    assert problem.startswith(said)


def test_missing_tests_and_broken_runs_are_problems():
    base = baseline(RUNS)
    fewer = {test: outcome for test, outcome in GOOD.items() if test not in ("a", "s", "w")}
    assert compare(base, report(fewer)) == ("2 tests did not run: a, s.",)
    assert compare(base, report(fewer, requested=("b", "x"))) == ()
    assert compare(base, report(fewer, requested=("a", "b"))) == ("1 test did not run: a.",)
    stopped = report(GOOD, problem="it was stopped at its limit of 5 s while b ran")
    assert compare(base, stopped) == (
        "The suite did not come to its end: it was stopped at its limit of 5 s while b ran.",
    )
    broken = report(GOOD, import_failures=(ImportFailure(id="t.py", message="boom"),))
    assert compare(base, broken) == ("t.py cannot be imported any more.",)
    assert compare(baseline([*RUNS, broken]), broken) == ()


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (report({}), "found no tests"),
        (report({}, import_failures=(ImportFailure(id="t.py", message="No module named 'y'"),)), "could be imported"),
        (report(GOOD, problem="it was stopped at its limit of 5 s while b ran"), "limit of 5 s while b ran"),
        (report({"a": "failed", "b": "error"}), "none of the 2 tests passes"),
    ],
)
def test_a_suite_of_no_use_is_refused_with_what_to_write(run, said):
    with pytest.raises(UserError, match=said) as refused:
        baseline([run, run, run])
    assert "hasten.toml" in str(refused.value)
