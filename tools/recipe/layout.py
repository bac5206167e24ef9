"""Where a project keeps its importable code and its tests."""

import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

SKIPPED = {"__pycache__", "node_modules", "build", "dist", "site-packages", "venv", "env", "_vendor", "vendored"}
NOT_CODE = {
    *("tests", "test", "testing", "docs", "doc", "examples", "example", "benchmarks", "benchmark", "bench", "scripts"),
    *("tools", "setup", "conftest", "noxfile", "tasks", "fabfile", "requirements", "ci", "downstream", "changelog.d"),
    *("src", "lib", "python"),
}
TEST_FOLDERS = ("tests", "test", "testing", "unit_tests", "unittests", "unittest", "t")
TEST_FILE = re.compile(r"(test_.*|.*_tests?)\.py$")


def find_sources(project: Path, named: tuple[str, ...]) -> tuple[str, ...]:
    """Folders of importable code: those a build setting names, else `src`, `.`, `lib` or `python`, by looking."""
    if there := tuple(folder for folder in named if (project / folder).is_dir()):
        return there
    found = [folder for folder in ("src", ".") if (project / folder).is_dir() and top_modules(project / folder)]
    if not found:
        found = [
            folder for folder in ("lib", "python") if (project / folder).is_dir() and top_modules(project / folder)
        ]
    if "src" in found and "." in found and not _packages(project):
        found.remove(".")  # loose scripts beside `src` are not the project's code
    return tuple(found) or (".",)


def top_modules(folder: Path) -> tuple[str, ...]:
    """Names that are importable with `folder` on the path and belong to the project, not to its tests or docs.

    A namespace package is given by its first regular packages (`poetry.core`), at most three levels down.
    """
    modules = [
        path.stem
        for path in sorted(folder.glob("*.py"))
        if path.stem.isidentifier() and path.stem not in NOT_CODE and not TEST_FILE.match(path.name)
    ]
    return (*_packages(folder), *modules)


def _packages(folder: Path, depth: int = 3) -> tuple[str, ...]:
    found: list[str] = []
    for path in sorted(folder.iterdir()):
        if not path.is_dir() or path.is_symlink() or not path.name.isidentifier():
            continue
        if path.name in SKIPPED | NOT_CODE or path.name.casefold() in NOT_CODE.intersection(TEST_FOLDERS):
            continue
        if (path / "__init__.py").is_file():
            found.append(path.name)
        elif depth > 1 and folder.name != "docs":
            found += [f"{path.name}.{inner}" for inner in _packages(path, depth - 1)]
    return tuple(found)


def find_tests(project: Path, sources: tuple[str, ...], patterns: Sequence[str] = ()) -> tuple[str, ...]:
    """What pytest is to be given where its configuration does not say; empty where no tests were found.

    `patterns` are what the project's pytest takes for test files (`python_files`), where it says so.
    """
    folders = [folder for place in (".", *sources) for folder in test_folders(project / place)]
    found = [folder.relative_to(project).as_posix() for folder in folders if any(test_files(folder, patterns))]
    for source in sources:
        for package in _packages(project / source):
            found += _inside(project, project / source / package.replace(".", "/"), patterns)
    if not found:
        found = [path.name for path in sorted(project.glob("*.py")) if _is_test_file(path.name, patterns)]
    return tuple(dict.fromkeys(found))


def test_folders(place: Path) -> list[Path]:
    """Folders directly below one that are named after tests, in letters of either case, in a stable order."""
    found = [path for path in place.iterdir() if _is_test_folder(path.name) and path.is_dir()]
    return sorted(found, key=lambda path: (TEST_FOLDERS.index(path.name.casefold()), path.name))


def _is_test_folder(name: str) -> bool:
    return name.casefold() in TEST_FOLDERS


def _inside(project: Path, package: Path, patterns: Sequence[str]) -> list[str]:
    """The one folder of tests within a package, or the package where it has several."""
    folders = {path.parent for path in test_files(package, patterns) if _is_test_folder(path.parent.name)}
    outer = [folder for folder in folders if not folders & set(folder.parents)]
    if not outer:
        return []
    return [(outer[0] if len(outer) == 1 else package).relative_to(project).as_posix()]


def test_files(folder: Path, patterns: Sequence[str] = ()) -> Iterator[Path]:  # noqa: PT028
    """Files below a folder that are named as pytest expects test files to be, by default or by the given patterns."""
    for path in python_files(folder):
        if _is_test_file(path.name, patterns):
            yield path


def _is_test_file(name: str, patterns: Sequence[str]) -> bool:
    if not patterns:
        return TEST_FILE.match(name) is not None
    return any(fnmatch(name, pattern.rpartition("/")[2]) for pattern in patterns)


def python_files(folder: Path) -> Iterator[Path]:
    """Python files below a folder, in a stable order, leaving out hidden, vendored and built folders."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".py"):
                yield Path(place, name)
