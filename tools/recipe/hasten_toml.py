"""The user's own settings for a project: `hasten.toml`, or `[tool.hasten]` of `pyproject.toml`."""

import dataclasses
import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tools.errors import UserError
from tools.recipe.detect import detect, read_declared
from tools.recipe.interpreter import VERSION_REQUEST
from tools.recipe.pyproject import load_toml
from tools.recipe.recipe import Recipe
from tools.recipe.tables import GoalTable, WorkloadTable
from tools.recipe.written_paths import InnerPath

FILE = "hasten.toml"
OF_JOB = "the job's recipe"
"""Where keys stand that came with a job, in words."""
OURS = ("PATH", "VIRTUAL_ENV", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PYTHONNOUSERSITE", "HOME")
COMMAND_LIMIT_S = 300.0
"""Of a test that is a command: it is often a whole suite."""
# In words, by what a field's type begins to mention: containers before what they hold.
ALLOWED = {
    "GoalTable": "a table of `min-gain` and `hoped-gain`",
    "WorkloadTable": "a path, or a table of one of `path`, `text` and `command`",
    "Mapping": "a table of strings",
    "tuple": "a list of strings",
    "bool": "true or false",
    "float": "a number",
    "str": "a string",
}


def _not_ours(env: dict[str, str]) -> dict[str, str]:
    for name in env:
        if name in OURS or "=" in name or not name:
            raise ValueError(f"must not set {name or 'an empty name'}; Hasten sets {', '.join(OURS)} itself")
    return env


def _version(python: str) -> str:
    if not VERSION_REQUEST.fullmatch(python):
        raise ValueError('must be a version or a range of versions, such as "3.12" or ">=3.11,<3.13"')
    return python


def _underscores(table: object) -> object:
    """Keys of a table inside the table, which the model spells as Python does."""
    return {str(key).replace("-", "_"): value for key, value in table.items()} if isinstance(table, dict) else table


def _in_order(goal: GoalTable) -> GoalTable:
    if goal.hoped_gain is not None and goal.hoped_gain < goal.min_gain:
        raise ValueError(f"must not have a `hoped-gain` below its `min-gain`, which is {goal.min_gain:g}")
    return goal


def _as_table(workload: str | WorkloadTable) -> WorkloadTable:
    return WorkloadTable(path=workload) if isinstance(workload, str) else workload


Text = Annotated[str, Field(min_length=1)]
TABLES = ("goal", "workload")


class HastenToml(BaseModel):
    """The settings as they may be written; a key left out is detected. The meaning of each is `Recipe`'s."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, alias_generator=lambda name: name.replace("_", "-")
    )

    python: Annotated[Text, AfterValidator(_version)] | None = None
    install: list[Text] | None = None
    editable: bool | None = None
    extras: list[Text] | None = None
    groups: list[Text] | None = None
    build: Text | None = None
    sources: Annotated[list[InnerPath], Field(min_length=1)] | None = None
    tests: list[InnerPath] | None = None
    test_scripts: list[InnerPath] | None = None
    test: Text | list[Text] | None = None
    pytest_args: list[str] | None = None
    env: Annotated[dict[str, str], AfterValidator(_not_ours)] | None = None
    off_limits: list[Text] | None = None
    bench: Text | None = None
    workload: Annotated[InnerPath | WorkloadTable, AfterValidator(_as_table)] | None = None
    goal: Annotated[GoalTable, BeforeValidator(_underscores), AfterValidator(_in_order)] | None = None
    float_tolerance: Annotated[float, Field(ge=0, lt=1, strict=False)] | None = None
    tests_budget_s: Annotated[float, Field(gt=0, strict=False)] | None = None
    test_limit_s: Annotated[float, Field(gt=0, strict=False)] | None = None


def keys() -> dict[str, str]:
    """Every key that may be written, with what it takes in words."""
    types = {field.name: str(field.type) for field in dataclasses.fields(Recipe)}
    found = {
        name.replace("_", "-"): next(words for kind, words in ALLOWED.items() if kind in types[name])
        for name in HastenToml.model_fields
    }
    return {**found, "test": "a command, or a list of commands"}


def read_recipe(project: Path, over: Mapping[str, object] | None = None) -> Recipe:
    """The detected recipe with the user's settings in place of what they name.

    `hasten.toml` is read where it stands, `[tool.hasten]` otherwise; `over` are keys of the same kind that came with a
    job, and go before both.

    Raises:
        UserError: a key is unknown or has a wrong value; the message names file, key and what is allowed.
    """
    said = [(place, table) for place, table in (_settings(project), (OF_JOB, dict(over or {}))) if table]
    if not said:
        return detect(project)
    checked = {place: check_keys(place, table) for place, table in said}
    tables = {
        place: {name: getattr(one, name) for name in HastenToml.model_fields if name in one.model_fields_set}
        for place, one in checked.items()
    }
    written = {name: value for table in tables.values() for name, value in table.items()}
    changes: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in written.items()
    }
    if isinstance(changes.get("test"), str):
        changes["test"] = (changes["test"],)
    if changes.get("test"):
        changes.setdefault("test_limit_s", COMMAND_LIMIT_S)
    pytest_runs = not changes.get("test") or any(changes.get(name) for name in ("tests", "test_scripts"))
    recipe = detect(project, pytest_runs=pytest_runs)
    if changes.get("editable") is False and recipe.editable and "install" not in changes:
        changes["install"] = (*recipe.install, *_runtime(project, changes.get("extras", recipe.extras)))
    notes = (f"{place} sets {_listed(table)}." for place, table in tables.items())
    return dataclasses.replace(recipe, **changes, notes=(*recipe.notes, *notes))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name.replace('_', '-')}`" for name in names)


def _runtime(project: Path, extras: Sequence[str]) -> tuple[str, ...]:
    """What an installer would install with the project itself."""
    declared = read_declared(project)
    return (*declared.dependencies, *(text for extra in extras for text in declared.extras.get(extra, ())))


def _settings(project: Path) -> tuple[str, dict[str, Any]]:
    """Where the settings stand, in words, and the settings."""
    if (project / FILE).is_file():
        return FILE, load_toml(project / FILE)
    tool = load_toml(project / "pyproject.toml").get("tool")
    settings = tool.get("hasten", {}) if isinstance(tool, dict) else {}
    return "[tool.hasten] of pyproject.toml", settings if isinstance(settings, dict) else {"tool.hasten": settings}


def check_keys(place: str, table: Mapping[str, object]) -> HastenToml:
    """Keys as they may be written; raises UserError (422) that begins with the `place` where they stand."""
    try:
        return HastenToml.model_validate(table)
    except ValidationError as error:
        raise UserError(f"{place}: {_sentence(error)}", status=422) from error


def _of_table(key: str, error: ValidationError) -> str:
    """What is wrong with a key that takes a table, in words."""
    faults = error.errors()
    for fault in faults:
        if fault["type"] == "value_error":
            said = fault["msg"].removeprefix("Value error, ")
            return f"`{key}`{' ' if said.startswith('must') else ': '}{said}."
    named = next((fault for fault in faults if str(fault["loc"][-1]) not in {key, *map(_branch, faults)}), None)
    inside = f"; its `{str(named['loc'][-1]).replace('_', '-')}`: {named['msg']}" if named else ""
    return f"`{key}` must be {keys()[key]}{inside}."


def _branch(fault: Mapping[str, Any]) -> str:
    """What pydantic calls the kind of value that it tried, where there are several."""
    return str(fault["loc"][1]) if len(fault["loc"]) > 1 and "[" in str(fault["loc"][1]) else ""


def _sentence(error: ValidationError) -> str:
    """The first fault, in words."""
    fault = error.errors()[0]
    key, allowed = str(fault["loc"][0]), keys()
    if key in TABLES:
        return _of_table(key, error)
    if fault["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key.replace("_", "-"), allowed, n=1)
        hint = f"did you mean `{near[0]}`? " if near else ""
        return f"`{key}` is not a key; {hint}Allowed are {', '.join(allowed)}."
    if fault["type"] == "value_error":
        return f"`{key}` {fault['msg'].removeprefix('Value error, ')}."
    limits = {"float-tolerance": " of at least 0 and below 1", "tests-budget-s": " above 0", "test-limit-s": " above 0"}
    more = ", not empty" if "too_short" in fault["type"] else ""
    quote = '; write it in quotes, such as "3.12"' if key == "python" else ""
    return f"`{key}` must be {allowed[key]}{limits.get(key, '')}{more}, not {fault['input']!r}{quote}."
