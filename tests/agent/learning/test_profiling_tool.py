"""`profile` and the views that show the same: the planted hot line and the planted allocation head them."""

import re

import pytest
from stock import edited

from agent.domain import StepKind
from agent.prompts.views import VIEWS
from tools.errors import ToolError


def heading(text):
    """What stands first of what was measured."""
    return text.split("\n\n", 1)[1].splitlines()[0]


def test_the_hot_function_heads_the_functions(stock, use):
    said = use(stock.desk(), "profile")
    assert re.match(r" +own +total +function\n +\d+\.\d% +100\.0% +stock:overlap", said.split("\n\n", 1)[1])


def test_the_planted_hot_line_heads_the_lines(stock, use):
    said = use(stock.desk(), "profile", level="line")
    assert re.match(r"line 8 takes \d\d% of the function's time .*: if item in right:", heading(said))
    assert "     6 " in said  # and the whole function follows
    assert "def spread" not in said


def test_the_planted_allocation_heads_the_memory(stock, use):
    said = use(stock.desk(target="stock:spread"), "profile", level="memory")
    assert re.match(r"line 17 keeps \d.* KiB in a call .*: rows\.append", heading(said))


def test_another_function_is_looked_at_on_what_it_is_measured_on(stock, use):
    said = use(stock.desk(), "profile", level="line", function="spread")
    assert re.match(r"line 17 takes", heading(said))


def test_it_is_the_code_as_it_stands_that_is_profiled(stock, use):
    module = edited("    found = []\n", "    found = sorted([*left, *right] * 150, key=repr)[:0]\n")
    said = use(stock.desk(module), "profile", level="line")
    assert "line 6 takes" in heading(said)


def test_what_nothing_runs_cannot_be_profiled(stock, use):
    with pytest.raises(ToolError, match="nothing to profile"):
        use(stock.desk(target="stock:unused"), "profile")
    with pytest.raises(ToolError, match="did you mean overlap"):
        use(stock.desk(), "profile", level="line", function="overlapp")


def test_views_are_measured_once_in_a_round(stock):
    desk = stock.desk()
    first = VIEWS["lines"](desk)
    assert first.startswith("# The target, line by line\n\nTime by line of overlap")
    assert "if item in right:" in first[first.index("```") :]
    assert VIEWS["lines"](desk) == first  # times differ between two runs


def test_the_costliest_test_is_named_with_its_source(stock):
    said = VIEWS["costliest test"](stock.desk())
    assert "`test_stock.py::test_slow_overlap` took longest" in said
    assert "until = time.process_time() + 0.15" in said


def test_a_view_that_fails_says_nothing_and_leaves_a_note(stock):
    desk = stock.desk(target="stock:unused")
    assert VIEWS["profile"](desk) == ""
    notes = [step.title for step in desk.kit.journal.steps(StepKind.NOTE)]
    assert any(note.startswith("not shown: profile: No workload") for note in notes)
