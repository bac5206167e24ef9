"""tox's environments, from `tox.ini`, `setup.cfg`, `tox.toml` or `pyproject.toml`."""

import configparser
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.recipe.hints import Hints, plain_variables, words_of
from tools.recipe.pyproject import load_toml

FACTORS = re.compile(r"^(?P<condition>[\w.,!-]+(?:\s*,\s*[\w.,!-]+)*)\s*:\s+(?P<value>.*)$")
REFERENCE = re.compile(r"\{\[(?P<section>[^\]]+)\](?P<key>\w+)\}")
ROOT = re.compile(r"\{(?:toxinidir|tox_root)\}/?")
LARGEST_FILE_BYTES = 1024 * 1024


def read_tox(project: Path) -> Hints:
    """What the base environment of tox installs and runs; empty where there is no tox."""
    native = load_toml(project / "tox.toml")
    if native:
        return _of_table("tox.toml", native.get("env_run_base", native))
    table = load_toml(project / "pyproject.toml").get("tool", {}).get("tox", {})
    if isinstance(table, Mapping) and "env_run_base" in table:
        return _of_table("pyproject.toml", table["env_run_base"])
    if isinstance(table, Mapping) and isinstance(table.get("legacy_tox_ini"), str):
        return _of_ini("pyproject.toml", table["legacy_tox_ini"], "testenv")
    for name in ("tox.ini", "setup.cfg"):
        file = project / name
        if file.is_file() and file.stat().st_size <= LARGEST_FILE_BYTES:
            hints = _of_ini(name, file.read_text("utf-8", "replace"), "testenv")
            if hints.file:
                return hints
    return Hints()


def _of_ini(file: str, text: str, section: str) -> Hints:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return Hints()
    if not parser.has_section(section):
        return Hints()
    get = {key: _filled(parser, value) for key, value in parser.items(section)}
    folder = get.get("changedir", "").strip()
    commands = [words_of(line) for line in _held(get.get("commands", "").replace("\\\n", " "))]
    variables = [line.partition("=") for line in _lines(get.get("setenv", get.get("set_env", "")))]
    return Hints(
        file=file,
        deps=tuple(_lines(get.get("deps", ""))),
        extras=tuple(
            name.strip() for line in _lines(get.get("extras", "")) for name in line.split(",") if name.strip()
        ),
        groups=tuple(_lines(get.get("dependency_groups", ""))),
        commands=() if folder else tuple(words for words in commands if words),
        env=plain_variables({name.strip(): value.strip() for name, _, value in variables}),
    )


def _filled(parser: configparser.RawConfigParser, value: str) -> str:
    """A value with references to other sections replaced, once."""
    return REFERENCE.sub(lambda found: parser.get(found["section"], found["key"], fallback=""), value)


def _lines(text: str) -> list[str]:
    """The lines of a setting that hold here and can be taken as they stand."""
    return [line for line in _held(text) if "{" not in line]


def _held(text: str) -> list[str]:
    """The lines of a setting that hold here: one with factors counts where they name this Python."""
    found = []
    for raw in text.splitlines():
        line = ROOT.sub("", re.sub(r"(^|\s)#.*$", "", raw)).strip()
        factors = FACTORS.match(line)
        if factors is not None and "://" not in line.split()[0]:
            line = factors["value"].strip() if _holds(factors["condition"]) else ""
        if line:
            found.append(line)
    return found


def _holds(condition: str) -> bool:
    ours = f"py{sys.version_info[0]}{sys.version_info[1]}"
    return any(ours in one.strip().split("-") or one.strip() == "py3" for one in condition.split(","))


def _of_table(file: str, table: Any) -> Hints:
    if not isinstance(table, Mapping):
        return Hints()
    commands = [tuple(word for word in command if isinstance(word, str)) for command in _list(table.get("commands"))]
    variables = table.get("set_env", {})
    folder = table.get("change_dir")
    return Hints(
        file=file,
        deps=tuple(text for text in _list(table.get("deps")) if isinstance(text, str)),
        extras=tuple(text for text in _list(table.get("extras")) if isinstance(text, str)),
        groups=tuple(text for text in _list(table.get("dependency_groups")) if isinstance(text, str)),
        commands=() if folder else tuple(words for words in commands if words),
        env=plain_variables({k: v for k, v in variables.items() if isinstance(v, str)})
        if isinstance(variables, Mapping)
        else {},
    )


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []
