"""Recipes found in projects of every usual kind, by reading alone."""

from pathlib import Path

import pytest

from tools.errors import UserError
from tools.recipe.detect import detect
from tools.recipe.recipe import Recipe


def lay_out(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


PACKAGE = {"src/thing/__init__.py": "", "tests/test_thing.py": "def test_it(): pass\n"}
PYPROJECT = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[project]\nname = "thing"\n'


def detected(folder: Path, pyproject: str = "", **files: str) -> Recipe:
    named = {name.replace("__", "."): text for name, text in files.items()}
    return detect(lay_out(folder, {**PACKAGE, **({"pyproject.toml": pyproject} if pyproject else {}), **named}))


def test_pep_621_with_a_test_extra(tmp_path: Path) -> None:
    recipe = detected(
        tmp_path, PYPROJECT + '[project.optional-dependencies]\ntests = ["pytest>=7"]\ndocs = ["sphinx"]\n'
    )
    assert recipe.extras == ("tests",)
    assert recipe.install == ()  # pytest comes with the extra
    assert recipe.sources == ("src",)
    assert recipe.tests == ("tests",)
    assert recipe.editable


def test_a_dependency_group_with_an_include_counts_for_what_it_covers(tmp_path: Path) -> None:
    groups = '[dependency-groups]\nbase = ["pytest"]\ntest = [{include-group = "base"}]\n'
    recipe = detected(tmp_path, PYPROJECT + groups)
    assert recipe.groups == ("test",)
    assert recipe.install == ()


def test_groups_that_include_each_other_end(tmp_path: Path) -> None:
    groups = '[dependency-groups]\ntest = [{include-group = "more"}]\nmore = ["mock", {include-group = "test"}]\n'
    assert detected(tmp_path, PYPROJECT + groups).groups == ("test",)


def test_poetry_groups_become_requirements(tmp_path: Path) -> None:
    poetry = """
        [tool.poetry]
        name = "thing"
        packages = [{include = "thing", from = "src"}]
        [tool.poetry.dependencies]
        python = "^3.9"
        [tool.poetry.group.test.dependencies]
        pytest = "^8.1"
        mock = "~4.0"
        tomli = {version = ">=1", markers = "python_version < '3.11'", optional = true}
        other = {git = "https://example.org/other"}
        [tool.poetry.group.docs.dependencies]
        sphinx = "*"
    """
    recipe = detected(tmp_path, poetry)
    assert recipe.install == ("pytest<9,>=8.1", "mock<4.1,>=4.0", "tomli>=1; (python_version < '3.11')")


@pytest.mark.parametrize(
    ("constraint", "requirement"),
    [
        ("^1.2.3", "dep<2,>=1.2.3"),
        ("^0.2.3", "dep<0.3,>=0.2.3"),
        ("^0.0.3", "dep<0.0.4,>=0.0.3"),
        ("~1", "dep<2,>=1"),
        ("1.4.*", "dep==1.4.*"),
        ("1.4", "dep==1.4"),
        (">=1,<3", "dep<3,>=1"),
        ("^1 || ^2", "dep"),
        ("*", "dep"),
    ],
)
def test_poetry_constraints(tmp_path: Path, constraint: str, requirement: str) -> None:
    poetry = f'[tool.poetry]\nname = "thing"\n[tool.poetry.group.test.dependencies]\ndep = "{constraint}"\n'
    assert requirement in detected(tmp_path, poetry).install


def test_pdm_and_hatch_and_uv_groups(tmp_path: Path) -> None:
    pdm = PYPROJECT + '[tool.pdm.dev-dependencies]\ntest = ["pytest>=6", "-e file:///x"]\nlint = ["ruff"]\n'
    assert detected(tmp_path / "pdm", pdm).install == ("pytest>=6",)
    hatch = PYPROJECT + '[tool.hatch.envs.default]\ndependencies = ["pytest>=5", "flake8"]\n'
    assert detected(tmp_path / "hatch", hatch).install == ("pytest>=5",)
    uv = PYPROJECT + '[tool.uv]\ndev-dependencies = ["pytest>=7", "mypy"]\n'
    assert detected(tmp_path / "uv", uv).install == ("pytest>=7",)


def test_setup_py_is_parsed_and_never_run(tmp_path: Path) -> None:
    setup = """
import pathlib, setuptools
pathlib.Path(__file__).with_name("ran").touch()
tests = ["pytest>=6"] + ["mock"]
setuptools.setup(name="thing", package_dir={"": "src"}, extras_require={"test": tests, "docs": [x for x in ()]},
                 python_requires=">=3.6", install_requires=open("requirements.txt").read().split())
"""
    recipe = detected(tmp_path, setup__py=setup)
    assert recipe.extras == ("test",)
    assert recipe.sources == ("src",)
    assert "setup.py computes `install_requires`." in recipe.notes
    assert not (tmp_path / "ran").exists()


def test_setup_cfg(tmp_path: Path) -> None:
    cfg = (
        "[metadata]\nname = thing\n[options]\npackage_dir =\n    = src\n"
        "[options.extras_require]\ntesting =\n    pytest\n    mock>=4\n"
        "[tool:pytest]\ntestpaths = tests\n"
    )
    recipe = detected(tmp_path, setup__cfg=cfg, setup__py="from setuptools import setup\nsetup()\n")
    assert (recipe.extras, recipe.sources, recipe.tests) == (("testing",), ("src",), ())


def test_a_requirements_file_is_followed_through_its_includes(tmp_path: Path) -> None:
    lay_out(tmp_path, {
        "requirements/base.txt": "six==1.16.0 --hash=sha256:00\n",
        "requirements/test.txt": (
            "-r base.txt\n--index-url https://example.org\n# words\npytest  # the runner\nmock\\\n>=4\n-e .\n"
        ),
        "requirements/docs.txt": "sphinx\n",
    })  # fmt: skip
    assert detected(tmp_path, PYPROJECT).install == ("six==1.16.0", "pytest", "mock >=4")


def test_a_requirements_file_cannot_reach_outside_the_project(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret\n")
    recipe = detected(tmp_path / "project", PYPROJECT, **{"test-requirements__txt": "-r ../secret.txt\npytest\n"})
    assert recipe.install == ("pytest",)


def test_without_build_settings_the_sources_go_on_the_path(tmp_path: Path) -> None:
    recipe = detect(lay_out(tmp_path, {"thing.py": "", "test_thing.py": "import thing\n", "requirements.txt": "six\n"}))
    assert not recipe.editable
    assert recipe.install == ("six", "pytest")
    assert (recipe.sources, recipe.tests) == ((".",), ("test_thing.py",))


def test_tests_inside_the_package_are_found(tmp_path: Path) -> None:
    one = lay_out(tmp_path / "one", {"thing/__init__.py": "", "thing/tests/test_a.py": ""})
    assert detect(one).tests == ("thing/tests",)
    several = lay_out(tmp_path / "several", {
        "thing/__init__.py": "", "thing/tests/test_a.py": "", "thing/part/tests/test_b.py": "",
    })  # fmt: skip
    assert detect(several).tests == ("thing",)


def test_harmful_arguments_are_left_out_and_the_rest_is_kept(tmp_path: Path) -> None:
    options = (
        "-ra -n auto --cov=thing --cov-report term -x --durations=10 --doctest-modules --strict-markers -m 'not slow'"
    )
    recipe = detected(tmp_path, PYPROJECT + f'[tool.pytest.ini_options]\naddopts = "{options}"\n')
    assert recipe.pytest_args == (
        "-p", "no:cacheprovider", "-o", "addopts=", "-ra", "--doctest-modules", "--strict-markers", "-m", "not slow",
    )  # fmt: skip
    assert sum("is left out" in note for note in recipe.notes) == 5
    assert "pytest-cov" not in recipe.install


def test_harmless_arguments_are_left_to_pytest(tmp_path: Path) -> None:
    recipe = detected(tmp_path, PYPROJECT + '[tool.pytest.ini_options]\naddopts = ["-ra", "--strict-config"]\n')
    assert recipe.pytest_args == ("-p", "no:cacheprovider")


def test_a_cache_folder_setting_keeps_the_plugin_that_knows_it(tmp_path: Path) -> None:
    recipe = detected(tmp_path, PYPROJECT + '[tool.pytest.ini_options]\ncache_dir = ".cache"\n')
    assert recipe.pytest_args == ("-o", "cache_dir=/tmp/pytest_cache")


def test_plugins_named_by_configuration_and_tests_are_installed(tmp_path: Path) -> None:
    config = (
        '[tool.pytest.ini_options]\nasyncio_mode = "auto"\ntimeout = 10\naddopts = "--benchmark-skip --ds=x.settings"\n'
    )
    tests = "import yaml\nfrom hypothesis import given\ntry:\n    import numpy\nexcept ImportError:\n    numpy = None\n"
    tests += "def test_it(mocker, tmp_path): pass\n"
    recipe = detected(tmp_path, PYPROJECT + config, **{"tests/test_more__py": tests})
    wanted = {
        "pytest-benchmark",
        "pytest-asyncio",
        "pytest-timeout",
        "pytest-django",
        "pyyaml",
        "hypothesis",
        "pytest-mock",
        "pytest",
    }
    assert set(recipe.install) == wanted


def test_modules_of_the_project_or_unknown_ones_are_never_fetched(tmp_path: Path) -> None:
    tests = "import thing, yaml, obscure_module_of_nobody\n"
    recipe = detected(tmp_path, PYPROJECT, **{"tests/test_more__py": tests, "tests/yaml__py": ""})
    assert recipe.install == ("pytest",)


def test_a_fixture_the_tests_define_is_not_a_plugin(tmp_path: Path) -> None:
    tests = "import pytest\n@pytest.fixture\ndef benchmark(): return 1\ndef test_it(benchmark): pass\n"
    assert detected(tmp_path, PYPROJECT, **{"tests/test_more__py": tests}).install == ("pytest",)


def test_a_pytest_too_old_for_the_interpreter_is_replaced(tmp_path: Path) -> None:
    recipe = detected(tmp_path, PYPROJECT, **{"requirements-test__txt": "pytest>=5.4,<6\n"})
    [requirement] = recipe.install
    assert requirement.startswith("pytest>=")
    assert any("does not run on Python" in note for note in recipe.notes)


def test_another_interpreter_is_asked_for_where_ours_does_not_fit(tmp_path: Path) -> None:
    assert detected(tmp_path / "a", PYPROJECT + 'requires-python = ">=3.8"\n').python is None
    assert detected(tmp_path / "b", PYPROJECT + 'requires-python = ">=3.98"\n').python == ">=3.98"


def test_extras_of_the_project_in_its_own_requirements_are_taken(tmp_path: Path) -> None:
    extras = '[project.optional-dependencies]\ncli = ["click"]\n'
    extras += '[dependency-groups]\ndev = ["thing[cli]", "pytest", "ruff"]\n'
    recipe = detected(tmp_path, PYPROJECT + extras)
    assert recipe.extras == ("cli",)
    assert recipe.install == ("pytest",)


def test_a_broken_pyproject_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"pyproject\.toml is not valid TOML: .*line 1") as broken:
        detected(tmp_path, "[project\n")
    assert broken.value.status == 422, "as a broken hasten.toml"


def test_a_source_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    poetry = '[tool.poetry]\nname = "thing"\npackages = [{include = "thing", from = "lib"}]\n'
    assert detected(tmp_path, poetry).sources == ("src",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\naddopts = --doctest-glob='*.rst\n"),
        ("tox.ini", '[pytest]\naddopts = -k "slow\n'),
        ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '-k \"slow'\n"),
    ],
)
def test_arguments_that_cannot_be_split_are_named(name: str, text: str, tmp_path: Path) -> None:
    lay_out(tmp_path, {name: text, "tests/test_a.py": ""})
    with pytest.raises(UserError, match=f"`addopts` in {name} cannot be split into words.* Mend it and run again"):
        detect(tmp_path)


def test_optional_features_that_tests_import_bring_their_extra(tmp_path: Path) -> None:
    files = {
        "src/thing/__init__.py": "",
        "src/thing/drawing.py": "import jinja2\n",
        "src/thing/other.py": "import lxml\n",
        "tests/test_more.py": "from thing.drawing import draw\n",
        "pyproject.toml": PYPROJECT + '[project.optional-dependencies]\ndraw = ["jinja2"]\nxml = ["lxml"]\n',
    }
    assert detect(lay_out(tmp_path, files)).extras == ("draw",)


def test_a_warning_filter_that_names_a_module_needs_it(tmp_path: Path) -> None:
    config = '[tool.pytest.ini_options]\nfilterwarnings = ["error", "ignore: x:trio.TrioDeprecationWarning"]\n'
    assert "trio" in detected(tmp_path, PYPROJECT + config).install
