"""pipenv's `Pipfile`, or its lock where that is all there is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.markers import InvalidMarker, Marker

from tools.recipe.declared import Declared
from tools.recipe.pyproject import load_toml
from tools.recipe.toml_values import texts

MARKERS = (
    *("os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release"),
    *("platform_system", "platform_version", "python_version", "python_full_version"),
    *("implementation_name", "implementation_version"),
)
"""Keys of a package that say where it is wanted, each with a comparison (PEP 508)."""
LARGEST_FILE_BYTES = 16 * 1024 * 1024


def read_pipfile(project: Path) -> Declared:
    """The packages of a Pipfile: the plain ones are dependencies, the others a group for development.

    Its `python_version` is what somebody deployed on, so it does not keep tests from another Python.
    """
    document = load_toml(project / "Pipfile")
    if document:
        packages, development = document.get("packages", {}), document.get("dev-packages", {})
    else:
        locked = _lock(project / "Pipfile.lock")
        packages, development = locked.get("default", {}), locked.get("develop", {})
    return Declared(
        dependencies=_requirements(packages),
        development={"dev": _requirements(development)} if development else {},
    )


def _lock(file: Path) -> Mapping[str, Any]:
    if not file.is_file() or file.stat().st_size > LARGEST_FILE_BYTES:
        return {}
    try:
        document = json.loads(file.read_bytes())
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _requirements(table: object) -> tuple[str, ...]:
    found = (_requirement(name, wanted) for name, wanted in table.items()) if isinstance(table, Mapping) else ()
    return tuple(text for text in found if text)


def _requirement(name: str, wanted: object) -> str | None:
    """One package; None where it comes from a repository or a path."""
    if isinstance(wanted, str):
        return name if wanted == "*" else f"{name}{wanted}"
    if not isinstance(wanted, Mapping) or wanted.keys() & {"git", "path", "file", "editable", "ref"}:
        return None
    extras = f"[{','.join(names)}]" if (names := texts(wanted.get("extras"))) else ""
    version = str(wanted.get("version", "*"))
    return f"{name}{extras}{'' if version == '*' else version}{_markers(wanted)}"


def _markers(wanted: Mapping[str, object]) -> str:
    """Where a package is wanted, as the end of its requirement; what is no marker is passed over."""
    stated = [wanted.get("markers"), *(f"{key} {wanted[key]}" for key in MARKERS if key in wanted)]
    markers = [one for one in stated if isinstance(one, str) and _is_marker(one)]
    together = markers[0] if len(markers) == 1 else " and ".join(f"({one})" for one in markers)
    return f"; {together}" if markers else ""


def _is_marker(text: str) -> bool:
    try:
        Marker(text)
    except InvalidMarker:
        return False
    return True
