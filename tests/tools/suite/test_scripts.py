"""Plain scripts as tests: what they do counts, and a run can look on."""

from tools.recipe.recipe import Recipe

SCRIPT = """
import os
import sys

from helper import ANSWER
from shop.prices import total

assert sys.argv == [os.path.abspath(__file__)], sys.argv
assert total("ab") == 5
sys.exit(0 if ANSWER == 42 else 3)
"""
UNGUARDED = """
import unittest

class Case(unittest.TestCase):
    def test_it(self):
        self.assertEqual(1, 2)

unittest.main()
"""


def test_a_script_passes_on_exit_code_0_and_is_looked_on(project, run):
    files = {"check/tests.py": SCRIPT, "check/helper.py": "ANSWER = 42\n", "check/bad.py": "import sys\nsys.exit(3)\n"}
    files |= {"check/testcase.py": UNGUARDED, "check/raises.py": "1 / 0\n"}
    names = ("check/tests.py", "check/bad.py", "check/testcase.py", "check/raises.py")
    recipe = Recipe(test_scripts=names, pytest_args=("-p", "no:cacheprovider"))
    tree = project(files)
    seen = run(tree, recipe=recipe, mode="touch")
    cases = {case.id: case for case in seen.report.cases}
    assert {name: case.outcome for name, case in cases.items()} == {
        "check/tests.py::script": "passed",
        "check/bad.py::script": "failed",
        "check/testcase.py::script": "failed",
        "check/raises.py::script": "failed",
    }
    assert "exit code 3" in cases["check/bad.py::script"].message
    touched = {function.qualname for function in seen.touched.by_test["check/tests.py::script"]}
    assert {"total", "price"} <= touched
    alone = run(tree, recipe=recipe, ids=["check/tests.py::script"]).report
    assert [case.id for case in alone.cases] == ["check/tests.py::script"]
