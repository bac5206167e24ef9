"""What a user writes in hasten.toml, and what is said when it is wrong."""

import dataclasses
import re
from pathlib import Path

import pytest

from tools.errors import UserError
from tools.recipe.hasten_toml import HastenToml, keys, read_recipe
from tools.recipe.recipe import Recipe
from tools.recipe.tables import GoalTable, WorkloadTable

DOCUMENT = Path(__file__).parents[3] / "docs" / "hasten-toml.md"


def written(folder: Path, text: str, name: str = "hasten.toml") -> Recipe:
    (folder / name).write_text(text, encoding="utf-8")
    return read_recipe(folder)


def test_every_key_is_documented_and_nothing_else_is() -> None:
    documented = set(re.findall(r"^### `([a-z-]+)`$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    assert documented == set(keys())


def test_every_field_of_a_recipe_can_be_written() -> None:
    assert {field.name for field in dataclasses.fields(Recipe)} - {"notes"} == set(HastenToml.model_fields)


def test_what_is_written_replaces_what_was_detected(tmp_path: Path) -> None:
    recipe = written(
        tmp_path,
        'pytest-args = ["-q"]\noff-limits = ["vendor/"]\nfloat-tolerance = 1e-9\ntests-budget-s = 30\n'
        'editable = true\ninstall = []\npython = ">=3.11"\n[env]\nTZ = "UTC"\n',
    )
    assert recipe.pytest_args == ("-q",)
    assert recipe.off_limits == ("vendor/",)
    assert (recipe.float_tolerance, recipe.tests_budget_s) == (1e-9, 30.0)
    assert (recipe.editable, recipe.install, recipe.python) == (True, (), ">=3.11")
    assert dict(recipe.env) == {"TZ": "UTC"}
    assert recipe.sources == (".",)  # detected still
    assert "hasten.toml sets `python`, `install`, `editable`" in recipe.notes[-1]


def test_the_table_of_pyproject_is_read_where_there_is_no_file(tmp_path: Path) -> None:
    assert written(tmp_path, '[tool.hasten]\ntests = ["a"]\n', "pyproject.toml").tests == ("a",)
    assert written(tmp_path, 'tests = ["b"]\n').tests == ("b",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('pytest_args = ["-q"]', r"^hasten\.toml: `pytest_args` is not a key; did you mean `pytest-args`\? Allowed"),
        ('extras = "test"', r"^hasten\.toml: `extras` must be a list of strings, not 'test'\.$"),
        ("python = 3.12", r"`python` must be a string, not 3\.12; write it in quotes"),
        ('editable = "yes"', r"`editable` must be true or false, not 'yes'"),
        ("tests-budget-s = 0", r"`tests-budget-s` must be a number above 0, not 0"),
        ("float-tolerance = 1", r"`float-tolerance` must be a number of at least 0 and below 1"),
        ("sources = []", r"`sources` must be a list of strings, not empty"),
        ('sources = ["../other"]', r"`sources` must be a path inside the project"),
        ('workload = "/etc/passwd"', r"`workload` must be a path inside the project"),
        ('env = {PATH = "/evil"}', r"`env` must not set PATH"),
        ("env = {A = 1}", r"`env` must be a table of strings"),
        ('python = "./evil"', r"`python` must be a version or a range"),
        ('workload = {path = "a.py", command = "b"}', r"`workload`: give one of `path`, `text` and `command`\.$"),
        ('workload = {file = "a.py"}', r"`workload` must be a path, or a table of one of .*; its `file`: Extra inputs"),
        ("workload = 3", r"`workload` must be a path, or a table of one of `path`, `text` and `command`\.$"),
        ("goal = 0.05", r"`goal` must be a table of `min-gain` and `hoped-gain`\.$"),
        ("goal = {gain = 0.05}", r"`goal` must be a table of .*; its `gain`: Extra inputs"),
        ("goal = {min-gain = 2}", r"`goal` must be a table of .*; its `min-gain`: Input should be less than 1"),
        ("goal = {hoped-gain = 0.01}", r"`goal` must not have a `hoped-gain` below its `min-gain`, which is 0\.02"),
        ("notes = []", r"`notes` is not a key"),
        ("tests = [", r"hasten\.toml is not valid TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_key_and_what_is_allowed(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        written(tmp_path, text)


def test_goal_and_workload_are_tables_that_jobs_have_too(tmp_path: Path) -> None:
    recipe = written(tmp_path, 'workload = "a.py"\n[goal]\nmin-gain = 0.05\nhoped-gain = 0.1\n')
    assert (recipe.goal, recipe.workload) == (GoalTable(min_gain=0.05, hoped_gain=0.1), WorkloadTable(path="a.py"))
    recipe = written(tmp_path, '[workload]\ncommand = "make bench"\n')
    assert (recipe.goal, recipe.workload) == (None, WorkloadTable(command="make bench"))
    over = read_recipe(tmp_path, {"workload": {"text": "x = 1"}, "goal": {"min_gain": 0.1}})
    assert (over.goal, over.workload) == (GoalTable(min_gain=0.1), WorkloadTable(text="x = 1"))


def test_a_fault_in_pyproject_names_pyproject(tmp_path: Path) -> None:
    with pytest.raises(
        UserError,
        match=r"^\[tool\.hasten\] of pyproject\.toml: `test-script` is not a key; did you mean `test-scripts`",
    ):
        written(tmp_path, "[tool.hasten]\ntest-script = []\n", "pyproject.toml")


def test_without_an_editable_install_the_dependencies_are_kept_unless_written(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "thing"\ndependencies = ["six"]\n')
    assert written(tmp_path, "editable = false\n").install == ("pytest", "six")
    assert written(tmp_path, 'editable = false\ninstall = ["pytest"]\n').install == ("pytest",)


def test_what_came_with_a_job_goes_before_what_the_project_says(tmp_path: Path) -> None:
    (tmp_path / "hasten.toml").write_text('pytest-args = ["-q"]\ntests-budget-s = 30\n', encoding="utf-8")
    recipe = read_recipe(tmp_path, {"tests-budget-s": 60, "bench": "python bench.py"})
    assert (recipe.pytest_args, recipe.tests_budget_s, recipe.bench) == (("-q",), 60.0, "python bench.py")
    assert "the job's recipe sets `bench`, `tests-budget-s`." in recipe.notes
    with pytest.raises(UserError, match=r"the job's recipe: `tests` must be a list of strings"):
        read_recipe(tmp_path, {"tests": 3})
