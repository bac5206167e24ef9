"""Poetry's own tables, read into PEP 508 requirements."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from tools.recipe.declared import Declared
from tools.recipe.toml_values import named_texts, table, text, texts


def read_poetry(poetry: Mapping[str, Any]) -> Declared:
    """Read `[tool.poetry]`."""
    runtime = table(poetry, "dependencies")
    development = {name: table(group, "dependencies") for name, group in table(poetry, "group").items()}
    if "dev-dependencies" in poetry:
        development.setdefault("dev", table(poetry, "dev-dependencies"))
    packages = poetry.get("packages")
    required = {name: wanted for name, wanted in runtime.items() if not _optional(wanted)}
    by_name = {name: _requirements({name: wanted}) for name, wanted in runtime.items()}
    return Declared(
        name=text(poetry.get("name")),
        installable="name" in poetry and poetry.get("package-mode") is not False,
        requires_python=_specifier(runtime["python"]) if isinstance(runtime.get("python"), str) else None,
        dependencies=_requirements(required),
        extras={
            extra: tuple(one for name in names for one in by_name.get(name, ()))
            for extra, names in named_texts(poetry.get("extras")).items()
        },
        development={name: _requirements(wanted) for name, wanted in development.items()},
        sources=tuple(dict.fromkeys(_folders(packages if isinstance(packages, list) else []))),
    )


def _folders(packages: list[object]) -> Iterator[str]:
    for package in packages:
        if folder := text(table(package).get("from")):
            yield folder


def _optional(wanted: object) -> bool:
    return isinstance(wanted, Mapping) and bool(wanted.get("optional"))


def _requirements(dependencies: Mapping[str, Any]) -> tuple[str, ...]:
    wanted = [
        (name, one)
        for name, value in dependencies.items()
        if name != "python"
        for one in (value if isinstance(value, list) else [value])
    ]
    return tuple(found for name, one in wanted if (found := _requirement(name, one)))


def _requirement(name: str, wanted: object) -> str | None:
    """One dependency; None where it comes from a repository or a path, which the sandbox cannot reach."""
    if isinstance(wanted, str):
        return name + _specifier(wanted)
    if not isinstance(wanted, Mapping) or wanted.keys() & {"git", "path", "url"}:
        return None
    extras = f"[{','.join(names)}]" if (names := texts(wanted.get("extras"))) else ""
    markers = [f"({wanted['markers']})"] if wanted.get("markers") else []
    if isinstance(wanted.get("python"), str):
        markers += [
            f"python_version {one.operator} '{_minor(one.version)}'"
            for one in SpecifierSet(_specifier(wanted["python"]))
        ]
    marker = f"; {' and '.join(markers)}" if markers else ""
    return f"{name}{extras}{_specifier(str(wanted.get('version', '*')))}{marker}"


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _specifier(constraint: str) -> str:
    """PEP 440 for a poetry constraint; empty (any version) for alternatives, which PEP 440 cannot say."""
    if "|" in constraint:
        return ""
    parts = [_one(part) for part in re.split(r"[,\s]+(?=[\^~<>=!\d*])", constraint.strip()) if part]
    specifier = ",".join(part for part in parts if part)
    try:
        return str(SpecifierSet(specifier))
    except InvalidSpecifier:
        return ""


def _one(part: str) -> str:
    part = part.strip().rstrip(",").replace(" ", "")
    if part in {"", "*"}:
        return ""
    if part.startswith("^"):
        return _between(part[1:], _caret_place(part[1:]))
    if part.startswith("~") and not part.startswith("~="):
        return _between(part[1:], 1 if part.count(".") else 0)
    return part if part[0] in "<>=!~" else f"=={part}"


def _caret_place(version: str) -> int:
    """Which number of the version may not grow: the first that is not zero, or the last one given."""
    numbers = re.findall(r"\d+", version)
    return next((place for place, number in enumerate(numbers) if number != "0"), len(numbers) - 1)


def _between(version: str, place: int) -> str:
    numbers = [int(number) for number in re.findall(r"\d+", version)[: place + 1]]
    numbers[-1] += 1
    return f">={version},<{'.'.join(map(str, numbers))}"
