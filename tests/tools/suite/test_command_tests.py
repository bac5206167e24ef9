"""Tests that are commands: exit code 0 passes, nothing of pytest is needed, and a mixed suite runs both."""

from tools.recipe.hasten_toml import read_recipe
from tools.recipe.recipe import Recipe
from tools.testsuite import SuiteRun

COMMANDS = ("true", "echo gone wrong; exit 3", "test -f made || touch made", "kill -9 $$")


def test_commands_are_tests_in_every_mode(project, run):
    tree = project({"readme.txt": "a project"})
    recipe = Recipe(test=COMMANDS)
    for mode in ("plain", "touch", "sample", "record"):
        seen: SuiteRun = run(tree, recipe=recipe, mode=mode)
        assert not seen.report.problem
        outcomes = {case.id: case.outcome for case in seen.report.cases}
        assert list(outcomes.values()) == ["passed", "failed", "passed", "failed"]
    messages = {case.id: case.message for case in seen.report.cases}
    assert messages[COMMANDS[1]] == "it ended with exit code 3: gone wrong"
    assert messages[COMMANDS[3]].startswith("it ended with signal 9")


def test_some_of_them_can_be_asked_for_and_the_time_ends_a_run(project, run):
    tree = project({})
    recipe = Recipe(test=("true", "sleep 0.3", "echo last"))
    assert [case.id for case in run(tree, recipe=recipe, ids=["echo last"]).report.cases] == ["echo last"]
    left_out = run(tree, recipe=recipe, left_out=["sleep 0.3"]).report
    assert [case.id for case in left_out.cases] == ["true", "echo last"]
    cut = run(tree, recipe=recipe, most_s=0.1).report
    assert cut.cut
    assert [case.id for case in cut.cases] == ["true", "sleep 0.3"]


def test_a_command_that_hangs_is_named(project, run):
    seen = run(project({}), recipe=Recipe(test=("true", "sleep 60")), patience_s=2.0).report
    assert seen.stopper is not None
    assert seen.stopper.id == "sleep 60"


def test_pytest_runs_beside_them_where_its_tests_are_named(project, run):
    tree = project({"test_one.py": "def test_one(): pass\n"})
    recipe = Recipe(test=("true",), tests=("test_one.py",), pytest_args=("-p", "no:cacheprovider"))
    assert [case.id for case in run(tree, recipe=recipe).report.cases] == ["test_one.py::test_one", "true"]


def test_what_is_written_decides_whether_pytest_is_installed(tmp_path):
    def read(text: str) -> Recipe:
        (tmp_path / "hasten.toml").write_text(text)
        return read_recipe(tmp_path)

    alone = read('test = "make check"\n')
    assert (alone.test, alone.install, alone.uses_pytest) == (("make check",), (), False)
    assert alone.test_limit_s > 30, "a command is often a whole suite"
    both = read('test = ["make check"]\ntests = ["tests"]\ntest-limit-s = 7\n')
    assert (both.install, both.uses_pytest, both.test_limit_s) == (("pytest",), True, 7)
