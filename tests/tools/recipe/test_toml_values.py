"""TOML files whose values are not of the kind that belongs there: what else stands in them counts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.errors import UserError
from tools.recipe.detect import detect
from tools.recipe.hasten_toml import read_recipe
from tools.recipe.toml_values import named_texts, table, text, texts

PYPROJECT: dict[str, Any] = {
    "project": {
        "name": "thing",
        "dynamic": ["dependencies"],
        "requires-python": ">=3.8",
        "dependencies": ["six"],
        "optional-dependencies": {"fast": ["attrs"]},
    },
    "build-system": {"build-backend": "maturin"},
    "dependency-groups": {"test": ["pytest", {"include-group": "more"}], "more": ["mock"]},
    "tool": {
        "poetry": {
            "name": "thing",
            "package-mode": True,
            "dependencies": {
                "python": "^3.8",
                "six": {"version": "^1", "extras": ["a"], "python": "<4", "markers": "x"},
            },
            "group": {"dev": {"dependencies": {"mock": ["^4", {"version": "^5"}]}}},
            "dev-dependencies": {"toolz": "*"},
            "extras": {"fast": ["six"]},
            "packages": [{"include": "thing", "from": "src"}],
        },
        "flit": {
            "module": {"name": "thing"},
            "metadata": {"module": "thing", "dist-name": "thing", "requires": ["six"], "requires-extra": {"a": ["b"]}},
        },
        "pdm": {"dev-dependencies": {"dev": ["mock"]}, "build": {"package-dir": "src"}},
        "hatch": {
            "envs": {"test": {"dependencies": ["mock"], "features": ["fast"], "extra-dependencies": ["toolz"]}},
            "build": {"targets": {"wheel": {"packages": ["src/thing"], "sources": ["src"]}}},
        },
        "uv": {"dev-dependencies": ["mock"], "build-backend": {"module-root": "src"}},
        "maturin": {"python-source": "src"},
        "setuptools": {"package-dir": {"": "src"}, "packages": {"find": {"where": ["src"]}}, "ext-modules": []},
        "tox": {"env_run_base": {"deps": ["six"], "commands": [["pytest"]], "set_env": {"A": "b"}, "extras": ["fast"]}},
        "pytest": {
            "ini_options": {
                "addopts": ["-q"],
                "testpaths": ["tests"],
                "python_files": ["test_*.py"],
                "required_plugins": ["pytest-mock"],
                "filterwarnings": ["error::six.Warning"],
            }
        },
        "hasten": {},
    },
}
FILES = {
    "pyproject.toml": PYPROJECT,
    "hatch.toml": PYPROJECT["tool"]["hatch"],
    "tox.toml": PYPROJECT["tool"]["tox"],
    "pytest.toml": {"pytest": PYPROJECT["tool"]["pytest"]["ini_options"]},
    "Pipfile": {
        "packages": {"six": {"version": "*", "extras": ["a"], "os_name": "== 'nt'"}},
        "dev-packages": {"a": "*"},
    },
}
WRONG: tuple[Any, ...] = ("words", 7, ["words"], [7], {"a": 7}, {"a": {"b": []}})


def written(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {written(one)}" for key, one in value.items()) + "}"
    return "[" + ", ".join(map(written, value)) + "]" if isinstance(value, list) else json.dumps(value)


def spoilt(value: Any, wrong: Any) -> Iterator[Any]:
    """The value with each part of it replaced in turn."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        for other in (wrong, *spoilt(part, wrong)):
            pairs = {**dict(parts if isinstance(value, dict) else enumerate(value)), key: other}
            yield pairs if isinstance(value, dict) else list(pairs.values())


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("wrong", WRONG, ids=json.dumps)
def test_no_value_of_a_wrong_kind_breaks_what_is_found(name: str, wrong: Any, tmp_path: Path) -> None:
    for path in ("src/thing/__init__.py", "tests/test_thing.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    for document in spoilt(FILES[name], wrong):
        lines = (f"{json.dumps(key)} = {written(value)}\n" for key, value in document.items())
        (tmp_path / name).write_text("".join(lines))
        recipe = detect(tmp_path)
        assert recipe.tests in ((), ("tests",)), "where pytest's configuration names them, none is given"


def test_settings_below_what_is_no_table_are_none(tmp_path: Path) -> None:
    (tmp_path / "test_thing.py").touch()
    (tmp_path / "pyproject.toml").write_text('tool = "x"\n[project]\nname = "thing"\n')
    assert read_recipe(tmp_path).tests == ("test_thing.py",)
    (tmp_path / "pyproject.toml").write_text('[tool]\nhasten = "x"\n')
    with pytest.raises(UserError, match=r"tool\.hasten"):
        read_recipe(tmp_path)


def test_a_value_counts_where_it_is_of_the_kind_asked_for() -> None:
    assert table({"a": {"b": {"c": 1}}}, "a", "b") == {"c": 1}
    assert table({"a": "b"}, "a", "b") == table("a") == {}
    assert texts(["a", 1, "b"]) == ("a", "b")
    assert texts("words") == ()
    assert (text("a"), text(["a"])) == ("a", None)
    assert named_texts({"a": ["b"], "c": "d"}) == {"a": ("b",), "c": ()}
