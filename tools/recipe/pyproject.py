"""`pyproject.toml` (and `hatch.toml`): PEP 621 and 735, and the tables of setuptools, poetry, pdm, hatch, flit, uv."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from tools.errors import UserError
from tools.recipe.declared import Declared
from tools.recipe.poetry import read_poetry


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
    tool = document.get("tool", {})
    hatch = tool.get("hatch", {}) | load_toml(project / "hatch.toml")
    name = document.get("project", {}).get("name")
    return (
        _standard(document)
        .or_else(read_poetry(tool.get("poetry", {})))
        .or_else(_flit(tool.get("flit", {}), project))
        .or_else(Declared(development=_pdm(tool.get("pdm", {})) | _hatch(hatch, name) | _uv(tool.get("uv", {}))))
        .or_else(Declared(sources=_sources(tool, hatch, project), native=_native(tool, document)))
    )


def _standard(document: Mapping[str, Any]) -> Declared:
    project = document.get("project", {})
    dynamic = project.get("dynamic", ())
    unread = [
        f"pyproject.toml leaves `{key}` to the build backend."
        for key in ("dependencies", "optional-dependencies")
        if key in dynamic
    ]
    return Declared(
        name=project.get("name"),
        installable="project" in document or "build-system" in document,
        requires_python=project.get("requires-python"),
        dependencies=tuple(project.get("dependencies", ())),
        extras={name: tuple(texts) for name, texts in project.get("optional-dependencies", {}).items()},
        groups=_groups(document.get("dependency-groups", {})),
        unread=tuple(unread),
    )


def _groups(table: Mapping[str, Sequence[object]]) -> dict[str, tuple[str, ...]]:
    """Dependency groups with `include-group` resolved; a group that includes itself is read once."""
    named: dict[str, Sequence[object]] = {canonicalize_name(name): entries for name, entries in table.items()}

    def resolve(name: str, seen: frozenset[str]) -> list[str]:
        texts: list[str] = []
        for entry in named.get(name, ()):
            if isinstance(entry, str):
                texts.append(entry)
            elif isinstance(entry, Mapping) and isinstance(entry.get("include-group"), str):
                inner = canonicalize_name(entry["include-group"])
                texts += resolve(inner, seen | {inner}) if inner not in seen else []
        return texts

    return {name: tuple(resolve(canonicalize_name(name), frozenset([canonicalize_name(name)]))) for name in table}


def _flit(flit: Mapping[str, Any], project: Path) -> Declared:
    """Both of flit's forms: `[tool.flit.metadata]` of old, and the module's folder."""
    metadata = flit.get("metadata", {})
    name = metadata.get("module") or flit.get("module", {}).get("name")
    sources = ("src",) if isinstance(name, str) and (project / "src" / name.replace(".", "/")).exists() else ()
    development = tuple(metadata.get("dev-requires", ()))
    return Declared(
        name=metadata.get("dist-name") or name,
        development={"dev": development} if development else {},
        installable=bool(metadata),
        requires_python=metadata.get("requires-python"),
        dependencies=tuple(metadata.get("requires", ())),
        extras={extra: tuple(texts) for extra, texts in metadata.get("requires-extra", {}).items()},
        sources=sources,
    )


def _pdm(pdm: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    groups = pdm.get("dev-dependencies", {})
    return {name: tuple(text for text in texts if not text.startswith("-")) for name, texts in groups.items()}


def _hatch(hatch: Mapping[str, Any], project: str | None) -> dict[str, tuple[str, ...]]:
    """Environments by name; the features of one are extras of the project itself."""
    environments = hatch.get("envs", {})
    names = {"default": "dev", "hatch-test": "test"}
    return {
        names.get(name, name): (
            *table.get("dependencies", ()),
            *table.get("extra-dependencies", ()),
            *([f"{project}[{','.join(table['features'])}]"] if project and table.get("features") else ()),
        )
        for name, table in environments.items()
        if isinstance(table, Mapping)
    }


def _uv(uv: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {"dev": tuple(uv["dev-dependencies"])} if "dev-dependencies" in uv else {}


def _sources(tool: Mapping[str, Any], hatch: Mapping[str, Any], project: Path) -> tuple[str, ...]:
    """Folders of importable code that a build backend's settings name."""
    setuptools = tool.get("setuptools", {})
    packages = setuptools.get("packages", {})
    wheel = hatch.get("build", {}).get("targets", {}).get("wheel", {})
    named = [
        setuptools.get("package-dir", {}).get(""),
        *(packages.get("find", {}).get("where", ()) if isinstance(packages, Mapping) else ()),
        tool.get("pdm", {}).get("build", {}).get("package-dir"),
        tool.get("uv", {}).get("build-backend", {}).get("module-root"),
        tool.get("maturin", {}).get("python-source"),
        *(str(Path(package).parent) for package in wheel.get("packages", ()) if isinstance(package, str)),
        *(source for source in wheel.get("sources", ()) if isinstance(source, str)),
    ]
    folders = (str(Path(name)) for name in named if isinstance(name, str))
    return tuple(dict.fromkeys(folder for folder in folders if (project / folder).is_dir()))


def _native(tool: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    backend = str(document.get("build-system", {}).get("build-backend", ""))
    builders = ("maturin", "scikit_build", "mesonpy", "setuptools_rust")
    return backend.startswith(builders) or "ext-modules" in tool.get("setuptools", {})
