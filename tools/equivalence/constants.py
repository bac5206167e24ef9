"""Numbers and texts that stand in changed code, of either side: values that inputs should be tried at and next to."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tools.recipe.environment import PROJECT

MOST_CONSTANTS = 48
LONGEST_TEXT = 40
Constant = int | float | str


def constants_near(trees: tuple[Path, Path], lines: Mapping[str, Iterable[int]]) -> list[Constant]:
    """Constants of the functions at `lines` (of the second tree, by path in the sandbox) and of the same functions in
    the first tree; those of the functions come before those of the rest of their files."""
    close = dict.fromkeys(constant for node in functions_of(trees, lines) for constant in _constants(node))
    far: dict[tuple[str, Constant], None] = {}
    for path in functions_at(trees[1], lines):
        for tree in trees[::-1]:
            module = _parsed(tree / path.removeprefix(f"{PROJECT}/"))
            far.update(dict.fromkeys(_constants(module) if module else ()))
    far = {constant: None for constant in far if constant not in close}
    return [value for _, value in [*close, *far][:MOST_CONSTANTS]]


def functions_of(trees: tuple[Path, Path], lines: Mapping[str, Iterable[int]]) -> Iterator[ast.stmt]:
    """The functions at `lines` of the second tree, and those of the same names in the first."""
    for path, names in functions_at(trees[1], lines).items():
        for tree in trees[::-1]:
            for name, node in _functions(_parsed(tree / path.removeprefix(f"{PROJECT}/"))):
                if name in names:
                    yield node


def functions_at(tree: Path, lines: Mapping[str, Iterable[int]]) -> dict[str, list[str]]:
    """Qualified names of the functions that some of the lines stand in, by path in the sandbox."""
    found = {}
    for path, numbers in sorted(lines.items()):
        wanted = set(numbers)
        module = _parsed(tree / path.removeprefix(f"{PROJECT}/"))
        found[path] = [n for n, node in _functions(module) if wanted & set(range(node.lineno, _end(node) + 1))]
    return found


def _parsed(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _functions(module: ast.Module | None) -> Iterator[tuple[str, ast.stmt]]:
    """Functions and methods by their qualified names, outermost only."""
    for node in module.body if module else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def _constants(root: ast.AST) -> Iterator[tuple[str, Constant]]:
    """(type name, value); docstrings and long texts are left out."""
    for node in ast.walk(root):
        if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
            continue
        value = node.value
        if isinstance(value, str):
            if 0 < len(value) <= LONGEST_TEXT and value.isprintable():
                yield "str", value
        elif isinstance(value, float) or (isinstance(value, int) and abs(value) < 1 << 53):
            yield type(value).__name__, value


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
