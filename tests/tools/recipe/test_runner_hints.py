"""Recipes of projects whose test runners know more than their packaging: tox, nox, pipenv, unittest, plain scripts."""

import sys
from pathlib import Path

import pytest

from tools.recipe.detect import detect
from tools.recipe.layout import top_modules
from tools.recipe.recipe import Recipe

PACKAGE = {"thing/__init__.py": "", "tests/test_thing.py": "def test_it(): pass\n", "setup.py": "setup(name='thing')\n"}
OURS = f"py3{sys.version_info[1]}"


def detected(folder: Path, files: dict[str, str | bytes], package: dict[str, str] = PACKAGE) -> Recipe:
    for name, text in {**package, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return detect(folder)


TOX_INI = f"""
[tox]
envlist = py38, {OURS}
[base]
deps = mock>=4
[testenv]
deps =
    -r{{toxinidir}}/needs.txt
    {{[base]deps}}
    {OURS}: toolz
    py27: unittest2
    cov: coverage
extras = fast, other
setenv =
    THING_MODE = strict
    PYTHONPATH = {{toxinidir}}/src
    CACHE = {{envtmpdir}}
commands = pytest {{posargs:tests}} --doctest-modules thing
[testenv:lint]
deps = flake8
"""
TOX_TOML = """
[env_run_base]
deps = ["mock>=4", "toolz"]
extras = ["fast"]
set_env = { THING_MODE = "strict" }
commands = [["pytest", "tests", "--doctest-modules", "thing"]]
"""
NOX = """
import nox
@nox.session
def lint(session):
    session.install("flake8")
@nox.session(python=["3.8", "3.11"])
def tests(session):
    session.install("-r", "needs.txt", "mock>=4", "toolz")
    session.install(".[fast]")
    session.run("coverage", "run", "-m", "pytest", "--doctest-modules", "thing", env={"THING_MODE": "strict"})
"""
NEEDS = {"needs.txt": "six\n", "setup.py": "setup(name='thing', extras_require={'fast': ['attrs']})\n"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tox.ini", TOX_INI),
        ("tox.toml", TOX_TOML),
        ("noxfile.py", NOX),
        ("pyproject.toml", f"[tool.tox]\nlegacy_tox_ini = '''{TOX_INI}'''\n"),
        ("pyproject.toml", TOX_TOML.replace("[env_run_base]", "[tool.tox.env_run_base]")),
    ],
)
def test_a_runner_says_what_the_packaging_does_not(name: str, text: str, tmp_path: Path) -> None:
    recipe = detected(tmp_path, {**NEEDS, name: text})
    assert {"mock>=4", "toolz"} <= set(recipe.install)
    assert ("six" in recipe.install) == ("needs.txt" in text)
    assert not {"flake8", "unittest2", "coverage"} & set(recipe.install)
    assert recipe.extras == ("fast",)
    assert recipe.env == {"THING_MODE": "strict"}
    assert recipe.tests == ("tests", "thing")
    assert "--doctest-modules" in recipe.pytest_args
    assert f"Requirements for tests are taken from {name}." in recipe.notes


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (OURS, True),
        (f"{OURS}-cov", True),
        (f"{{py27,{OURS}}}", True),
        (f"{{py27, {OURS}}}-{{a,b}}", True),
        (f"py3{{8,{sys.version_info[1]}}}", True),
        (f"py3{{8-{sys.version_info[1]}}}", True),
        ("py", True),
        ("py3", True),
        ("!py27", True),
        ("!py27-!pypy", True),
        ("py-!lint", True),
        ("py27, !cov", True),
        ("py27", False),
        ("{py27,py36}", False),
        ("py3{6-8}", False),
        ("cov", False),
        ("cov-!py27", False),
        (f"!{OURS}", False),
        ("!py", False),
        ("{py27", False),
        ("{a,b}" * 40, False),
        ("a," * 400 + "a", False),
    ],
)
def test_a_line_with_factors_counts_where_they_hold_for_this_python(
    condition: str, holds: bool, tmp_path: Path
) -> None:
    recipe = detected(tmp_path, {"tox.ini": f"[testenv]\ndeps =\n    six\n    {condition}: toolz\n"})
    assert ("toolz" in recipe.install) == holds
    assert set(recipe.install) <= {"six", "toolz", "pytest"}


def test_a_line_of_many_commas_is_no_condition_and_takes_no_time(tmp_path: Path) -> None:
    assert detected(tmp_path, {"tox.ini": f"[testenv]\ndeps =\n    {'a,' * 5000}a\n"}).tests == ("tests",)


CASE = "import unittest\nclass Case(unittest.TestCase):\n    def test_it(self): pass\n"
CI = {
    "setup.py": "setup(name='thing', extras_require={'ci': ['mock>=4'], 'fast': ['attrs'], 'x': ['.[x]', 'toolz']})\n"
}


@pytest.mark.parametrize(
    "files",
    [
        {"tox.ini": "[testenv]\ndeps = .[ci]\n"},
        {"tox.ini": "[testenv]\ndeps =\n    -e {toxinidir}[ci]\n    {toxinidir}/.[other]\n"},
        {"tox.toml": '[env_run_base]\ndeps = ["-e .[ci]"]\n'},
        {"noxfile.py": "@nox.session\ndef tests(session):\n    session.install('-e', '.[ci]')\n"},
        {"requirements-test.txt": "pytest\n-e .[ci]\n"},
        {"requirements-dev.txt": '--editable=".[ci, other]"  # everything\n'},
        {"requirements/tests.txt": "-r all.txt\n", "requirements/all.txt": ".[ci] ; python_version > '3'\n"},
    ],
)
def test_extras_of_the_project_that_a_line_asks_for_are_installed(
    files: dict[str, str | bytes], tmp_path: Path
) -> None:
    recipe = detected(tmp_path, {**CI, **files})
    assert recipe.extras == ("ci",)
    assert set(recipe.install) <= {"pytest"}


def test_extras_of_a_project_that_cannot_be_installed_are_what_they_hold(tmp_path: Path) -> None:
    package = {"thing.py": "", "test_thing.py": "", "tox.ini": "[testenv]\ndeps = .[ci,x]\n"}
    cfg = "[options.extras_require]\nci =\n    mock>=4\nx =\n    .[x]\n    toolz\n"
    recipe = detected(tmp_path, {"setup.cfg": cfg}, package)
    assert not recipe.editable
    assert (recipe.extras, set(recipe.install)) == ((), {"mock>=4", "toolz", "pytest"})


@pytest.mark.parametrize(
    ("files", "tests"),
    [
        ({"Tests/test_a.py": "", "thing/__init__.py": ""}, ("Tests",)),
        ({"Tests/__init__.py": "", "Tests/unit/test_a.py": "", "thing.py": ""}, ("Tests",)),
        ({"src/tests/test_a.py": "", "src/thing/__init__.py": ""}, ("src/tests",)),
        ({"src/thing/Test/test_a.py": "", "src/thing/__init__.py": ""}, ("src/thing/Test",)),
        ({"test/test_a.py": "", "src/tests/test_b.py": "", "src/thing/__init__.py": ""}, ("test", "src/tests")),
        ({"TESTS/testthing.py": CASE, "thing.py": ""}, ("TESTS/testthing.py",)),
    ],
)
def test_folders_of_tests_are_found_in_any_case_and_below_the_sources(
    files: dict[str, str | bytes], tests: tuple[str, ...], tmp_path: Path
) -> None:
    recipe = detected(tmp_path, files, {})
    assert recipe.tests == tests
    assert top_modules(tmp_path / recipe.sources[0]) == ("thing",)


def test_what_the_packaging_says_of_tests_comes_before_the_runner(tmp_path: Path) -> None:
    setup = {"setup.py": "setup(name='thing', extras_require={'test': ['pytest>=7']})\n"}
    recipe = detected(tmp_path, {**setup, "tox.ini": "[testenv]\ndeps = mock\ncommands = pytest\n"})
    assert (recipe.extras, recipe.install) == (("test",), ())


def test_a_dependency_that_only_the_runner_names_is_installed_where_tests_import_it(tmp_path: Path) -> None:
    files = {"requirements-test.txt": "pytest\n", "tox.ini": "[testenv]\ndeps = obscure-helper==2\n"}
    recipe = detected(tmp_path, {**files, "tests/test_more.py": "import obscure_helper\n"})
    assert "obscure-helper==2" in recipe.install


def test_unittest_by_the_folder_that_the_runner_names(tmp_path: Path) -> None:
    package = {"thing/__init__.py": "", "checks/test_a.py": "import unittest\n", "setup.py": "setup(name='thing')\n"}
    tox = "[testenv]\ncommands = {envpython} -m unittest discover -s checks -v\n"
    recipe = detected(tmp_path, {"tox.ini": tox}, package)
    assert recipe.tests == ("checks",)
    assert any("which tox.ini names" in note for note in recipe.notes)


def test_suites_of_unittest_under_other_names_are_given_by_name(tmp_path: Path) -> None:
    files = {"thing.py": "", "test/testthing.py": CASE, "test/alltests.py": "if __name__ == '__main__':\n    main()\n"}
    recipe = detected(tmp_path, files, {})
    assert (recipe.tests, recipe.test_scripts) == (("test/testthing.py",), ())


@pytest.mark.parametrize("text", [CASE + "unittest.main()\n", "if __name__ == '__main__':\n    check()\n"])
def test_a_plain_script_is_a_test_where_nothing_else_is(text: str, tmp_path: Path) -> None:
    recipe = detected(tmp_path / "a", {"thing.py": "", "tests.py": text}, {})
    assert (recipe.tests, recipe.test_scripts) == ((), ("tests.py",))
    named = detected(
        tmp_path / "b",
        {"thing.py": "", "check/test-it.py": text, "tox.ini": "[testenv]\ncommands = python -Wd check/test-it.py -q\n"},
        {},
    )
    assert named.test_scripts == ("check/test-it.py",)
    assert detected(tmp_path / "c", {"tests.py": text}).test_scripts == (), "there are tests for pytest"


def test_python_files_of_the_configuration_are_how_tests_are_found(tmp_path: Path) -> None:
    files = {"setup.cfg": "[tool:pytest]\npython_files = check_*.py\n", "test/check_a.py": "", "thing/__init__.py": ""}
    assert detected(tmp_path, files, {}).tests == ("test",)


def test_pipenv(tmp_path: Path) -> None:
    pipfile = '[packages]\nsix = "*"\n[dev-packages]\npytest = ">=7"\nmock = {version = ">=4", extras = ["build"]}\n'
    pipfile += 'local = {path = "."}\nflake8 = "*"\n[requires]\npython_version = "2.7"\n'
    files = {"thing.py": "", "test_thing.py": "", "Pipfile": pipfile}
    recipe = detected(tmp_path / "file", files, {})
    assert set(recipe.install) == {"pytest>=7", "mock[build]>=4", "six"}
    assert recipe.python is None
    lock = '{"default": {"six": {"version": "==1.16.0"}}, "develop": {"pytest": {"version": "==8.2.0"}}}'
    locked = detected(tmp_path / "lock", {"thing.py": "", "test_thing.py": "", "Pipfile.lock": lock}, {})
    assert set(locked.install) == {"pytest==8.2.0", "six==1.16.0"}


def test_a_package_of_pipenv_is_wanted_where_its_markers_say(tmp_path: Path) -> None:
    pipfile = """
[packages]
pywinusb = {version = "*", sys_platform = "== 'win32'"}
enum34 = {version = ">=1", markers = "python_version < '3'", os_name = "!= 'nt'", extras = "none"}
six = {version = "*", markers = "python_version > '3'"}
odd = {version = "*", python_version = "old", markers = 3}
"""
    recipe = detected(tmp_path, {"thing.py": "", "test_thing.py": "", "Pipfile": pipfile}, {})
    assert set(recipe.install) == {
        "pywinusb; sys_platform == 'win32'",
        "enum34>=1; (python_version < '3') and (os_name != 'nt')",
        "six; python_version > '3'",
        "odd",
        "pytest",
    }


def test_hatch_features_and_flit_development(tmp_path: Path) -> None:
    hatch = '[build-system]\nbuild-backend = "hatchling.build"\n[project]\nname = "thing"\n'
    hatch += "[project.optional-dependencies]\n"
    hatch += 'fast = ["attrs"]\n[tool.hatch.envs.test]\ndependencies = ["pytest>=7"]\nfeatures = ["fast"]\n'
    recipe = detected(tmp_path / "hatch", {"pyproject.toml": hatch})
    assert (recipe.install, recipe.extras) == (("pytest>=7",), ("fast",))
    flit = '[tool.flit.metadata]\nmodule = "thing"\ndev-requires = ["pytest>=6", "mock"]\n'
    assert detected(tmp_path / "flit", {"pyproject.toml": flit}).install == ("pytest>=6", "mock")


def test_of_requirements_for_several_pythons_the_newest_that_fits_is_taken(tmp_path: Path) -> None:
    files = {"requirements-tests399.txt": "pytest==399\n"}
    files |= {f"requirements-tests{n}.txt": f"pytest=={n}" for n in (36, 310)}
    assert "pytest==310" in detected(tmp_path, files).install


def test_requirements_in_utf_16_are_read(tmp_path: Path) -> None:
    recipe = detected(tmp_path, {"requirements-test.txt": "pytest>=7\r\nmock\r\n".encode("utf-16")})
    assert recipe.install == ("pytest>=7", "mock")


def test_what_is_passed_over_is_said(tmp_path: Path) -> None:
    files = {"constraints.txt": "six==1\n", "docs/conf.py": "extensions = ['sphinx.ext.doctest']\n"}
    notes = detected(tmp_path, files).notes
    assert "The doctests that Sphinx runs by docs/conf.py are left out." in notes
    assert any(note.startswith("constraints.txt is passed over") for note in notes)


@pytest.mark.parametrize(
    "files",
    [
        {"tox.ini": "[testenv\ndeps ="},
        {"noxfile.py": "def tests(session:\n"},
        {"Pipfile.lock": "{"},
        {"tox.ini": b"\xff\xfe\x00[testenv]"},
        {"setup.cfg": b"[metadata]\nname = \xff\n"},
        {"pyproject.toml": "[tool.tox]\nlegacy_tox_ini = 7\n"},
        {"tox.toml": 'env_run_base = "no"\n'},
    ],
)
def test_files_that_cannot_be_read_leave_what_others_say(files: dict[str, str | bytes], tmp_path: Path) -> None:
    assert detected(tmp_path, files).tests == ("tests",)
