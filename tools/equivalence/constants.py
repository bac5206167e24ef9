"""Numbers and texts that stand in changed code, of either side: values that inputs should be tried at and next to."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tools.recipe.environment import PROJECT

MOST_CONSTANTS = 48
LONGEST_TEXT = 40
LONGEST_CONTROL = 4
"""Of a text with what cannot be printed: a mark, not a message."""
MOST_HELPERS = 8
Constant = int | float | str


def constants_near(trees: tuple[Path, Path], lines: Mapping[str, Iterable[int]]) -> list[Constant]:
    """Constants of the functions at `lines` (of the second tree, by path in the sandbox) and of the same functions in
    the first tree; then those of what these functions name in their files; then those of the rest of the files."""
    found = dict.fromkeys(constant for node in functions_of(trees, lines) for constant in _constants(node))
    modules = [
        (module, names)
        for path, names in functions_at(trees[1], lines).items()
        for tree in trees[::-1]
        if (module := _parsed(tree / path.removeprefix(f"{PROJECT}/")))
    ]
    for module, names in modules:
        found.update(dict.fromkeys(one for node in _named_by(module, names) for one in _constants(node)))
    for module, _ in modules:
        found.update(dict.fromkeys(_constants(module)))
    return [value for _, value in [*found][:MOST_CONSTANTS]]


def functions_of(trees: tuple[Path, Path], lines: Mapping[str, Iterable[int]]) -> Iterator[ast.stmt]:
    """The functions at `lines` of the second tree, and those of the same names in the first."""
    for path, names in functions_at(trees[1], lines).items():
        for tree in trees[::-1]:
            for name, node in _functions(_parsed(tree / path.removeprefix(f"{PROJECT}/"))):
                if name in names:
                    yield node


def defaults_of(tree: Path, path: str) -> dict[str, dict[str, str]]:
    """The defaults of each function of a file, by the parameter's name, as the text of their syntax."""
    found = {}
    for name, node in _functions(_parsed(tree / path.removeprefix(f"{PROJECT}/"))):
        taken = getattr(node, "args", None)
        if isinstance(taken, ast.arguments):
            plain = [*taken.posonlyargs, *taken.args]
            having = zip(plain[len(plain) - len(taken.defaults) :], taken.defaults, strict=True)
            named = zip(taken.kwonlyargs, taken.kw_defaults, strict=True)
            found[name] = {one.arg: ast.dump(value) for one, value in (*having, *named) if value is not None}
    return found


def functions_at(tree: Path, lines: Mapping[str, Iterable[int]]) -> dict[str, list[str]]:
    """Qualified names of the functions that some of the lines stand in, by path in the sandbox."""
    found = {}
    for path, numbers in sorted(lines.items()):
        wanted = set(numbers)
        module = _parsed(tree / path.removeprefix(f"{PROJECT}/"))
        found[path] = [n for n, node in _functions(module) if wanted & set(range(node.lineno, _end(node) + 1))]
    return found


def with_helpers(tree: Path, functions: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The functions, and after them those of their own files that they name."""
    found = {}
    for path, names in functions.items():
        module = _parsed(tree / path.removeprefix(f"{PROJECT}/"))
        named = {id(node) for node in _named_by(module, names)} if module else set()
        helpers = [name for name, node in _functions(module) if id(node) in named and name not in names]
        found[path] = [*names, *helpers[:MOST_HELPERS]]
    return found


def _named_by(module: ast.Module, names: Iterable[str]) -> Iterator[ast.stmt]:
    """Functions and values of a module that these of its functions speak of."""
    spoken: set[str] = set()
    for name, node in _functions(module):
        if name in names:
            spoken |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
            spoken |= {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
    yield from (node for name, node in _functions(module) if name.rpartition(".")[2] in spoken)
    for statement in module.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if any(isinstance(target, ast.Name) and target.id in spoken for target in targets):
                yield statement


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
            if 0 < len(value) <= LONGEST_TEXT and (value.isprintable() or len(value) <= LONGEST_CONTROL):
                yield "str", value
        elif isinstance(value, float) or (isinstance(value, int) and abs(value) < 1 << 53):
            yield type(value).__name__, value


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
