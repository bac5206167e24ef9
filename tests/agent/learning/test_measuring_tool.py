"""`measure` looks quickly: the same results, then the time; `trace_failure` goes on from a difference."""

import re

import pytest
from stock import MODULE, edited

from tools.errors import ToolError

FASTER = edited("    found = []\n", "    found = []\n    right = frozenset(right)\n")


def test_a_gain_is_said_with_how_sure_it_is_and_that_it_is_no_verdict(stock, use):
    said = use(stock.desk(FASTER), "measure")
    assert said.startswith("A quick look, not the verdict")
    assert re.search(r"About \d+\.\d\dx as fast as before: all .*pairs agree \(\d pairs, single pairs from", said)


def test_what_is_the_same_code_is_not_measured(stock, use):
    assert use(stock.desk(), "measure").startswith("Nothing was measured: the code is the unchanged one")
    renamed = stock.desk(MODULE.replace("found", "seen"))
    assert use(renamed, "measure").startswith("Nothing was measured: but for names")


def test_what_does_not_import_is_not_measured(stock, use):
    said = use(stock.desk("import no_such_module\n" + MODULE), "measure")
    assert "no_such_module" in said


def test_other_results_come_with_their_input_and_can_be_followed(stock, use):
    desk = stock.desk(edited("if item in right:", "if item in right and len(found) < 3:"))
    said = use(desk, "measure")
    assert said.startswith("DIFFERENT RESULTS")
    again = r"(, called again after the caller changed the \w+( \w+)? in place)?"
    assert re.search(rf"for input \(\[.*\){again}: before \[", said)
    followed = use(desk, "trace_failure")
    assert "On the unchanged code this call returned [" in followed
    assert re.search(r"block 1\n +6 +found = \[\]\n +now found = \[\]", followed)


def test_the_first_wrong_value_of_a_failing_test_is_shown(stock, use):
    desk = stock.desk(edited("found.append(item)", "found.append(item * 2)"))
    with pytest.raises(ToolError, match=r"means \d tests"):
        use(desk, "trace_failure", test="test_stock.py::test_overlap")
    said = use(desk, "trace_failure", test="test_stock.py::test_overlap[7]")
    assert "FAILED test_stock.py::test_overlap[7]" in said
    wrong = re.search(r"now found = (.*)", said.split("block 2")[1])
    assert wrong is not None
    assert wrong[1] == "['P0P0']"


def test_without_a_failure_there_is_nothing_to_follow(stock, use):
    with pytest.raises(ToolError, match="nothing to trace"):
        use(stock.desk(), "trace_failure")
