"""tox's environments, from `tox.ini`, `setup.cfg`, `tox.toml` or `pyproject.toml`."""

import configparser
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.recipe.hints import Hints, plain_variables, words_of
from tools.recipe.pyproject import load_toml
from tools.recipe.toml_values import table, texts

FACTORS = re.compile(r"^(?P<condition>[\w.!{}-]+(?:\s*,\s*[\w.!{}-]+)*)\s*:\s+(?P<value>.*)$")
BRACES = re.compile(r"\{([^{}]*)\}")
RANGE = re.compile(r"(\d{1,3})-(\d{1,3})")
LONGEST_CONDITION = 1000
MOST_FACTORS = 1000
"""Of one condition, once its braces are written out."""
REFERENCE = re.compile(r"\{\[(?P<section>[^\]]+)\](?P<key>\w+)\}")
ROOT = re.compile(r"\{(?:toxinidir|tox_root)\}/?")
LARGEST_FILE_BYTES = 1024 * 1024


def read_tox(project: Path) -> Hints:
    """What the base environment of tox installs and runs; empty where there is no tox."""
    native = load_toml(project / "tox.toml")
    if native:
        return _of_table("tox.toml", native.get("env_run_base", native))
    tox = table(load_toml(project / "pyproject.toml"), "tool", "tox")
    if "env_run_base" in tox:
        return _of_table("pyproject.toml", tox["env_run_base"])
    if isinstance(tox.get("legacy_tox_ini"), str):
        return _of_ini("pyproject.toml", tox["legacy_tox_ini"], "testenv")
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
    """The lines of a setting that hold here: one with factors counts where they name this Python or rule out others."""
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
    return any(_names_this_python(one.strip()) for one in _written_out(condition))


def _names_this_python(factors: str) -> bool:
    """Whether factors joined by dashes hold: `py311-cov` does, and so do `py` and `!py27`, which any Python may be."""
    number = f"{sys.version_info[0]}{sys.version_info[1]}"
    ours = {f"py{number}", "py3", "py"}
    named = factors.split("-")
    if any(one[1:] in ours for one in named if one.startswith("!")):
        return False
    wanted = [one for one in named if not one.startswith("!")]
    return not wanted or f"py{number}" in wanted or (len(wanted) == 1 and wanted[0] in ours)


def _written_out(condition: str) -> list[str]:
    """The alternatives of a condition: `py3{10,11}-x` is `py310-x` and `py311-x`, and so is `py3{10-11}-x`."""
    whole, found = [condition] if len(condition) <= LONGEST_CONDITION else [], list[str]()
    while whole and len(found) + len(whole) <= MOST_FACTORS:
        one = whole.pop()
        braces = BRACES.search(one)
        if braces is None:
            found += one.split(",")
        else:
            whole += [one[: braces.start()] + choice + one[braces.end() :] for choice in _choices(braces[1])]
    return found


def _choices(inner: str) -> list[str]:
    numbers = RANGE.fullmatch(inner.strip())
    if numbers is not None:
        return [str(number) for number in range(int(numbers[1]), int(numbers[2]) + 1)]
    return [choice.strip() for choice in inner.split(",")]


def _of_table(file: str, environment: object) -> Hints:
    if not isinstance(environment, Mapping):
        return Hints()
    wanted = {key: [value] if isinstance(value, str) else value for key, value in environment.items()}
    listed = wanted.get("commands")
    commands = [texts(command) for command in listed] if isinstance(listed, list) else []
    return Hints(
        file=file,
        deps=texts(wanted.get("deps")),
        extras=texts(wanted.get("extras")),
        groups=texts(wanted.get("dependency_groups")),
        commands=() if environment.get("change_dir") else tuple(words for words in commands if words),
        env=plain_variables({k: v for k, v in table(wanted, "set_env").items() if isinstance(v, str)}),
    )
