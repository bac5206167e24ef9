"""What a project's tests need, read from the tests themselves: imports, fixtures and marks of known packages."""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.recipe.known_distributions import FIXTURE_DISTRIBUTIONS, MARK_DISTRIBUTIONS, MODULE_DISTRIBUTIONS

LARGEST_FILE_BYTES = 512 * 1024


@dataclass(kw_only=True)
class TestNeeds:
    """Names seen in the test files; each with the first file that uses it."""

    __test__ = False

    modules: dict[str, str] = field(default_factory=dict)
    """Top-level modules imported unconditionally."""
    submodules: dict[str, str] = field(default_factory=dict)
    """The same with their full dotted names; what `from` takes may be a name within the module."""
    fixtures: dict[str, str] = field(default_factory=dict)
    """Parameters of test functions and fixtures, less the fixtures that the tests define themselves."""
    marks: dict[str, str] = field(default_factory=dict)

    def distributions(self, local: Iterable[str]) -> dict[str, str]:
        """Known distributions behind these names, each with what asked for it; `local` modules are the project's."""
        known = set(local) | sys.stdlib_module_names
        found: dict[str, str] = {}
        for module, file in self.modules.items():
            if module in MODULE_DISTRIBUTIONS and module not in known:
                found.setdefault(MODULE_DISTRIBUTIONS[module], f"`import {module}` in {file}")
        for fixture, file in self.fixtures.items():
            if fixture in FIXTURE_DISTRIBUTIONS:
                found.setdefault(FIXTURE_DISTRIBUTIONS[fixture], f"the fixture `{fixture}` in {file}")
        for mark, file in self.marks.items():
            if mark in MARK_DISTRIBUTIONS:
                found.setdefault(MARK_DISTRIBUTIONS[mark], f"`pytest.mark.{mark}` in {file}")
        return found


def read_test_needs(project: Path, files: Iterable[Path]) -> TestNeeds:
    """Parse test files and conftests; files that do not parse or are very large are passed over."""
    needs = TestNeeds()
    defined: set[str] = set()
    for path in files:
        if (module := _parsed(path)) is not None:
            _read_module(module, path.relative_to(project).as_posix(), needs, defined)
    for name in defined:
        needs.fixtures.pop(name, None)
    return needs


def imports_of(modules: Mapping[str, str], sources: Iterable[Path]) -> dict[str, str]:
    """Top-level modules that these modules import themselves, where they are found in folders of sources."""
    found: dict[str, str] = {}
    for folder in sources:
        for name in modules:
            place = folder / name.replace(".", "/")
            for path in (place.with_suffix(".py"), place / "__init__.py"):
                module = _parsed(path) if path.is_file() else None
                for imported in _imports(module.body) if module is not None else ():
                    found.setdefault(imported.partition(".")[0], path.relative_to(folder).as_posix())
    return found


def _parsed(path: Path) -> ast.Module | None:
    """The file's syntax tree; None where it is very large or does not parse."""
    try:
        return ast.parse(path.read_bytes()) if path.stat().st_size <= LARGEST_FILE_BYTES else None
    except (SyntaxError, ValueError, OSError, RecursionError):
        return None  # test data is full of files that are meant not to parse; pytest names those that matter


def _binds(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def _read_module(module: ast.Module, file: str, needs: TestNeeds, defined: set[str]) -> None:
    for name in _imports(module.body):
        needs.submodules.setdefault(name, file)
        needs.modules.setdefault(name.partition(".")[0], file)
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            fixture = any("fixture" in ast.unparse(decorator) for decorator in node.decorator_list)
            if fixture:
                defined.add(node.name)
            if fixture or node.name.startswith("test"):
                for argument in (*node.args.args, *node.args.kwonlyargs):
                    needs.fixtures.setdefault(argument.arg, file)
                defined.update(_parametrized(node.decorator_list))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "mark":
            needs.marks.setdefault(node.attr, file)


def _parametrized(decorators: list[ast.expr]) -> Iterator[str]:
    """Names that `parametrize` and mock's `patch` fill in, which are no fixtures."""
    for decorator in decorators:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("parametrize") and decorator.args:
            for value in ast.walk(decorator.args[0]):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield from (name.strip() for name in value.value.split(","))


def _imports(body: list[ast.stmt]) -> Iterator[str]:
    """Dotted names that a module imports whatever happens: not in `try`, `if` or a function."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Assign) and _binds(node, "pytest_plugins"):
            for value in ast.walk(node.value):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value
