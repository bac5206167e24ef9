"""Recipes of projects whose test runners know more than their packaging: tox, nox, pipenv, unittest, plain scripts."""

import sys
from pathlib import Path

import pytest

from tools.recipe.detect import detect
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


CASE = "import unittest\nclass Case(unittest.TestCase):\n    def test_it(self): pass\n"


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
