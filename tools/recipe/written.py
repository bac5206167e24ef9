"""A recipe as a commented `hasten.toml`: every key with what was found, and why."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

from tools.errors import UserError
from tools.recipe.detect import Detected
from tools.recipe.hasten_toml import FILE, HastenToml
from tools.recipe.pyproject import load_toml
from tools.recipe.recipe import Recipe
from tools.recipe.toml_values import table

HEADER = """\
# What Hasten found out about this project. Change what is wrong; a key that is left out is found out anew.
# `hasten init --check` tries it.
"""
NOT_FOUND = {
    "python": ('"3.12"', "The interpreter: the one Hasten runs on fits."),
    "extras": ("[]", "Extras of the project to install: none is needed."),
    "groups": ("[]", "Dependency groups to install: none is needed."),
    "build": ('"make"', "A command that builds what the project's commands run."),
    "tests": ('["tests"]', "Files and folders that pytest is given."),
    "test-scripts": ('["tests/run.py"]', "Plain scripts that test when they are run: exit code 0 passes."),
    "test": ('"make check"', "A command, or a list of them, that tests: exit code 0 passes; pytest then need not run."),
    "off-limits": ('["generated/"]', "Further paths that no change may touch, as in a .gitignore."),
    "bench": ('"python bench.py {seed}"', "A command worth making faster."),
    "workload": ('"benchmarks/workload.py"', "A file with make_input(seed, size) and run(input)."),
    "goal": ("", "What counts as worth having: the smallest gain kept, as a fraction of time."),
    "env": ("", "Environment variables of every command."),
}
"""Keys that are written as comments where nothing was found, with an example and what they are."""
ABOUT = {
    "install": "What is installed beside the project.",
    "editable": "The project itself is installed, editable, by its own build backend.",
    "pytest-args": "Further arguments for pytest.",
    "float-tolerance": "Floats are compared bit for bit.",
    "test-limit-s": "A test that takes longer than this is taken to hang.",
    "tests-budget-s": "Where one run of the tests takes longer than this, a candidate faces a sample.",
}
EXAMPLES = {"goal": "min-gain = 0.02", "env": 'NAME = "value"'}
"""A line of each table; tables stand behind all keys."""
UNKNOWN = "See docs/hasten-toml.md."


def check_free(project: Path, *, force: bool) -> None:
    """Raises UserError where the project has settings already, unless they may be written over."""
    if force:
        return
    if (project / FILE).exists() or (project / FILE).is_symlink():
        raise UserError(
            f"{project / FILE} is there already: `hasten init --check` tries it, --force writes it anew.", status=409
        )
    if "hasten" in table(load_toml(project / "pyproject.toml"), "tool"):
        raise UserError(
            f"pyproject.toml has a table [tool.hasten], which a {FILE} would hide: --force writes one all the same.",
            status=409,
        )


def as_toml(detected: Detected) -> str:
    """The text of a `hasten.toml` that says what was detected; reading it gives the same recipe."""
    values = _values(detected.recipe)
    parts = [HEADER]
    for key in HastenToml.model_fields:
        name = key.replace("_", "-")
        if name not in EXAMPLES:
            parts.append(_entry(name, values.get(name), detected.reasons.get(key, ())))
    parts += [_entry(name, values.get(name), detected.reasons.get(name, ())) for name in EXAMPLES]
    return "\n".join(parts)


def _values(recipe: Recipe) -> dict[str, object]:
    """What was found, by key; keys without a finding are not there."""
    fields = {field.name: field.default for field in dataclasses.fields(recipe)}
    found = {}
    for key in HastenToml.model_fields:
        value = getattr(recipe, key)
        if value not in (None, (), {}) or (fields[key] not in (None, (), {}) and key != "env"):
            found[key.replace("_", "-")] = value
    return found


def _entry(name: str, value: object, reasons: tuple[str, ...]) -> str:
    about = list(reasons)
    if value is None:
        example, words = NOT_FOUND.get(name, ("[]", ABOUT.get(name, UNKNOWN)))
        about = about or [words]
        lines = [f"# [{name}]", f"# {EXAMPLES[name]}"] if name in EXAMPLES else [f"# {name} = {example}"]
    else:
        about = about or [ABOUT.get(name, NOT_FOUND.get(name, ("", UNKNOWN))[1].partition(":")[0])]
        lines = _lines(name, value)
    return "\n".join([*(f"# {_one_line(note)}" for note in about), *lines, ""])


def _lines(name: str, value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [f"[{name}]", *(f"{_text(key)} = {_text(text)}" for key, text in value.items())]
    if isinstance(value, tuple):
        plain = f"{name} = [{', '.join(_text(item) for item in value)}]"
        return [plain] if len(plain) <= 100 else [f"{name} = [", *(f"    {_text(item)}," for item in value), "]"]
    if isinstance(value, bool):
        return [f"{name} = {str(value).lower()}"]
    return [f"{name} = {_text(value) if isinstance(value, str) else format(value, 'g')}"]


def _text(value: object) -> str:
    """A basic string of TOML, which JSON's strings are but for the one control character that they leave as it is."""
    return json.dumps(str(value)).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    """A comment's text: what names in files may hold ends neither the line nor the comment."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
