"""`pyproject.toml` (and `hatch.toml`): PEP 621 and 735, and the tables of setuptools, poetry, pdm, hatch, flit, uv."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from tools.errors import UserError
from tools.recipe.declared import Declared
from tools.recipe.poetry import read_poetry
from tools.recipe.toml_values import named_texts, table, text, texts


def load_toml(path: Path) -> dict[str, Any]:
    """A TOML file as plain values, empty where there is none.

    Raises:
        UserError: it is not TOML; the message names the file and the line.
    """
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path.name} is not valid TOML: {error}. Mend that line and run again.", status=422) from error


def read_pyproject(project: Path) -> Declared:
    """Everything `pyproject.toml` declares; nothing where there is none."""
    document = load_toml(project / "pyproject.toml")
    tool = table(document, "tool")
    hatch = {**table(tool, "hatch"), **load_toml(project / "hatch.toml")}
    name = text(table(document, "project").get("name"))
    development = _pdm(tool) | _hatch(hatch, name) | _uv(table(tool, "uv"))
    return (
        _standard(document)
        .or_else(read_poetry(table(tool, "poetry")))
        .or_else(_flit(table(tool, "flit"), project))
        .or_else(Declared(development=development))
        .or_else(Declared(sources=_sources(tool, hatch, project), native=_native(tool, document)))
    )


def _standard(document: Mapping[str, Any]) -> Declared:
    project = table(document, "project")
    dynamic = texts(project.get("dynamic"))
    unread = [
        f"pyproject.toml leaves `{key}` to the build backend."
        for key in ("dependencies", "optional-dependencies")
        if key in dynamic
    ]
    return Declared(
        name=text(project.get("name")),
        installable="project" in document or "build-system" in document,
        requires_python=text(project.get("requires-python")),
        dependencies=texts(project.get("dependencies")),
        extras=named_texts(project.get("optional-dependencies")),
        groups=_groups(table(document, "dependency-groups")),
        unread=tuple(unread),
    )


def _groups(groups: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Dependency groups with `include-group` resolved; a group that includes itself is read once."""
    named: dict[str, list[object]] = {
        canonicalize_name(name): entries for name, entries in groups.items() if isinstance(entries, list)
    }

    def resolve(name: str, seen: frozenset[str]) -> list[str]:
        found: list[str] = []
        for entry in named.get(name, ()):
            if isinstance(entry, str):
                found.append(entry)
            elif included := text(table(entry).get("include-group")):
                inner = canonicalize_name(included)
                found += resolve(inner, seen | {inner}) if inner not in seen else []
        return found

    return {name: tuple(resolve(canonicalize_name(name), frozenset([canonicalize_name(name)]))) for name in groups}


def _flit(flit: Mapping[str, Any], project: Path) -> Declared:
    """Both of flit's forms: `[tool.flit.metadata]` of old, and the module's folder."""
    metadata = table(flit, "metadata")
    name = text(metadata.get("module")) or text(table(flit, "module").get("name"))
    sources = ("src",) if name is not None and (project / "src" / name.replace(".", "/")).exists() else ()
    development = texts(metadata.get("dev-requires"))
    return Declared(
        name=text(metadata.get("dist-name")) or name,
        development={"dev": development} if development else {},
        installable=bool(metadata),
        requires_python=text(metadata.get("requires-python")),
        dependencies=texts(metadata.get("requires")),
        extras=named_texts(metadata.get("requires-extra")),
        sources=sources,
    )


def _pdm(tool: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    groups = named_texts(table(tool, "pdm").get("dev-dependencies"))
    return {name: tuple(one for one in wanted if not one.startswith("-")) for name, wanted in groups.items()}


def _hatch(hatch: Mapping[str, Any], project: str | None) -> dict[str, tuple[str, ...]]:
    """Environments by name; the features of one are extras of the project itself."""
    names = {"default": "dev", "hatch-test": "test"}
    found = {}
    for name, environment in table(hatch, "envs").items():
        if isinstance(environment, Mapping):
            features = texts(environment.get("features"))
            found[names.get(name, name)] = (
                *texts(environment.get("dependencies")),
                *texts(environment.get("extra-dependencies")),
                *([f"{project}[{','.join(features)}]"] if project and features else ()),
            )
    return found


def _uv(uv: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {"dev": texts(uv["dev-dependencies"])} if "dev-dependencies" in uv else {}


def _sources(tool: Mapping[str, Any], hatch: Mapping[str, Any], project: Path) -> tuple[str, ...]:
    """Folders of importable code that a build backend's settings name."""
    wheel = table(hatch, "build", "targets", "wheel")
    named = [
        table(tool, "setuptools", "package-dir").get(""),
        *texts(table(tool, "setuptools", "packages", "find").get("where")),
        table(tool, "pdm", "build").get("package-dir"),
        table(tool, "uv", "build-backend").get("module-root"),
        table(tool, "maturin").get("python-source"),
        *(str(Path(package).parent) for package in texts(wheel.get("packages"))),
        *texts(wheel.get("sources")),
        *table(wheel, "sources"),
    ]
    folders = (str(Path(name)) for name in named if isinstance(name, str))
    return tuple(dict.fromkeys(folder for folder in folders if (project / folder).is_dir()))


def _native(tool: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    backend = str(table(document, "build-system").get("build-backend", ""))
    builders = ("maturin", "scikit_build", "mesonpy", "setuptools_rust")
    return backend.startswith(builders) or "ext-modules" in table(tool, "setuptools")
