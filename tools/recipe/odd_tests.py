"""Tests that pytest does not find by itself: suites of unittest under other names, and plain scripts."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.recipe.layout import TEST_FILE, python_files, test_folders

NAMED = re.compile(r"(test|tests|run_?tests?|all_?tests?|self_?tests?|test[a-z0-9_]+)\.py$", re.IGNORECASE)
LARGEST_FILE_BYTES = 512 * 1024
MOST_FILES = 200


@dataclass(frozen=True, kw_only=True)
class OddTests:
    """Files relative to the project."""

    modules: tuple[str, ...] = ()
    """They define tests: pytest takes them where it is given their names."""
    scripts: tuple[str, ...] = ()
    """They test when they are run."""


def find_odd_tests(project: Path) -> OddTests:
    """Files that are named after tests, told apart by what they define and by what they do when they are imported."""
    modules, scripts = [], []
    for path in _candidates(project):
        module = _parsed(path)
        if module is None:
            continue
        name = path.relative_to(project).as_posix()
        if _runs_when_imported(module) or (_is_guarded(module) and not _defines_tests(module)):
            scripts.append(name)
        elif _defines_tests(module):
            modules.append(name)
    return OddTests(modules=tuple(modules), scripts=tuple(scripts))


def _candidates(project: Path) -> Iterator[Path]:
    places = [project, *test_folders(project)]
    found = (path for place in places for path in _files(place, deep=place != project))
    for _, path in zip(range(MOST_FILES), found, strict=False):
        yield path


def _files(folder: Path, *, deep: bool) -> list[Path]:
    files = python_files(folder) if deep else iter(sorted(folder.glob("*.py")))
    return [path for path in files if NAMED.match(path.name) and not TEST_FILE.match(path.name)]


def _parsed(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_bytes()) if path.stat().st_size <= LARGEST_FILE_BYTES else None
    except (SyntaxError, ValueError, OSError, RecursionError):
        return None  # of another Python, or test data


def _defines_tests(module: ast.Module) -> bool:
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            return True
        if isinstance(node, ast.ClassDef) and (
            node.name.startswith("Test") or any("TestCase" in ast.unparse(base) for base in node.bases)
        ):
            return True
    return False


def _runs_when_imported(module: ast.Module) -> bool:
    """Whether the module calls its own main function, or ends the process, without asking whether it is the script."""
    calls = (node.value for node in module.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    return any(ast.unparse(call.func).split(".")[-1] in {"main", "exit"} for call in calls)


def _is_guarded(module: ast.Module) -> bool:
    return any(isinstance(node, ast.If) and "__name__" in ast.unparse(node.test) for node in module.body)
