"""What an environment is defined by, as one digest."""

import dataclasses
import hashlib
import json
import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from tools.git.snapshot import Snapshot
from tools.recipe.interpreter import Interpreter
from tools.recipe.layout import SKIPPED, top_modules
from tools.recipe.recipe import Recipe

FORMAT = 1
"""Counted up when the way environments are built changes, so that older ones are built again."""

BUILD_FILES = {
    *("pyproject.toml", "setup.py", "setup.cfg", "MANIFEST.in", "hatch.toml", "pdm.toml", "uv.toml", "build.py"),
    *("CMakeLists.txt", "meson.build", "meson.options", "Cargo.toml", "Cargo.lock", "Makefile", "configure"),
    *("_version.py", "version.py", "__version__.py", "__about__.py", "VERSION", "version.txt"),
}
NATIVE_SUFFIXES = {
    *(".pyx", ".pxd", ".pxi", ".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx", ".ipp", ".tcc", ".inl"),
    *(".rs", ".f", ".f90", ".S", ".cu"),
}
TEST_FOLDERS = {"tests", "test", "testing", "docs", "doc", "examples", "benchmarks", "benchmark"}
# Of the recipe, what only decides how tests and workloads are run leaves the environment as it is.
BUILT_FROM = ("python", "install", "editable", "extras", "groups", "build", "sources", "env")


def environment_digest(snapshot: Snapshot, recipe: Recipe, interpreter: Interpreter) -> str:
    """32 hexadecimal digits over everything an environment is built from."""
    recipe_values = dataclasses.asdict(recipe)
    definition = {
        "format": FORMAT,
        "recipe": {name: recipe_values[name] for name in BUILT_FROM},
        "subdirectory": snapshot.subdirectory,
        "version": snapshot.version,
        "interpreter": [str(interpreter.executable), interpreter.version],
        "platform": sysconfig.get_platform(),
        "modules": {
            folder: top_modules(snapshot.project / folder)
            for folder in recipe.sources
            if (snapshot.project / folder).is_dir()
        },
        "files": {
            path.relative_to(snapshot.tree).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in _build_inputs(snapshot)
        },
    }
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()[:32]


def _build_inputs(snapshot: Snapshot) -> Iterator[Path]:
    """Files that a build may read to decide what it builds, with links left out."""
    for place, folders, files in os.walk(snapshot.tree):
        folders[:] = sorted(name for name in folders if name not in SKIPPED - {"build"} and not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            # A setup script may import any module beside it (versioneer.py, a backend of the project's own).
            beside = path.parent == snapshot.project and path.suffix == ".py"
            requirements = path.suffix in {".txt", ".in"} and "require" in path.relative_to(snapshot.tree).as_posix()
            known = name in BUILD_FILES or path.suffix in NATIVE_SUFFIXES
            if (known or beside or requirements) and not path.is_symlink():
                yield path


def has_native_sources(project: Path) -> bool:
    """Whether files stand in the project, outside its tests and docs, that are compiled."""
    for _, folders, files in os.walk(project):
        folders[:] = [name for name in folders if name not in SKIPPED | TEST_FOLDERS and not name.startswith(".")]
        if any(Path(name).suffix in NATIVE_SUFFIXES - {".h"} for name in files):
            return True
    return False
