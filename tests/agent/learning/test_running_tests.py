"""`run_tests` says what fails, where, with which values, and what the unchanged code does."""

import re

import pytest
from stock import TARGET, edited

from agent.toolbox.run_tests import failed_before
from tools.errors import ToolError

WRONG = edited("if item in right:", "if item not in right:")


def test_failures_come_with_place_values_and_what_fails_anyway(stock, use):
    desk = stock.desk(WRONG)
    said = use(desk, "run_tests")
    assert "the tests that the edits can reach" in said
    assert "FAILED test_stock.py::test_overlap[1] at test_stock.py:12" in said
    assert "assert [] == ['P0']" in said
    assert "Fails on the unchanged code too, and is no fault of the edits" not in said  # it was not asked to run
    failed = {one.test: one for one in failed_before(desk)}
    assert failed["test_stock.py::test_overlap[7]"].where == "test_stock.py:12"
    assert failed["test_stock.py::test_overlap[7]"].error == "AssertionError"
    assert "test_stock.py::test_spread" not in said


def test_all_of_them_name_the_slowest_and_the_broken_one(stock, use):
    said = use(stock.desk(), "run_tests", all=True)
    assert said.startswith("7 of 8 tests pass (the whole suite")
    assert "Fails on the unchanged code too, and is no fault of the edits: test_stock.py::test_broken_anyway" in said
    assert "The slowest: test_stock.py::test_slow_overlap" in said


def test_without_an_edit_the_tests_of_the_target_run(stock, use):
    said = use(stock.desk(), "run_tests")
    assert said.startswith(f"6 of 6 tests pass (nothing was edited: the tests that run {TARGET.partition(':')[2]}")


def test_tests_are_named_in_part_and_unknown_ones_are_answered_with_near_ones(stock, use):
    assert use(stock.desk(), "run_tests", tests=["spread"]).startswith("1 of 1 tests pass")
    with pytest.raises(ToolError, match=r"did you mean .*test_stock\.py::test_spread"):
        use(stock.desk(), "run_tests", tests=["test_stock.py::test_sprade"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("found.append(item)", "found.append(item", r"stock\.py has a syntax error in line 9: '\(' was never closed"),
        ("def unused", "import no_such_module\n\n\ndef unused", r"stock\.py:21\n  ModuleNotFoundError.*no_such_module"),
        ("    found = []", "    import os; os._exit(3)", r"ended early: .*test_overlap\[7\] ends the run .*code 3"),
        ("    found = []", "    print('x' * 50_000_000); found = []", r"1 of 1 tests pass"),
        ("    found = []", "    import os; os.fork(), os.fork(); found = []", r"1 of 1 tests pass"),
    ],
    ids=["syntax", "import", "exit", "flood", "fork"],
)
def test_what_goes_badly_wrong_is_said_in_a_sentence(stock, use, old, new, said):
    desk = stock.desk(edited(old, new))
    assert re.search(said, use(desk, "run_tests", tests=["test_overlap[7]"]))


def test_a_hang_names_the_test_and_what_did_not_get_its_turn(stock, use, monkeypatch):
    monkeypatch.setattr("agent.testing.patience_s", lambda _recipe, _suite: 2.0)
    said = use(stock.desk(edited("    found = []", "    while True: pass")), "run_tests", tests=["test_overlap["])
    assert "The run ended early: test_stock.py::test_overlap[0] hangs" in said
    assert "did not get their turn" in said
