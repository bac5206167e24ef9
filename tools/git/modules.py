"""Where a dotted name stands: the file of a module, and the functions and classes it defines."""

import ast
import difflib
import posixpath
from collections.abc import Collection, Iterable, Iterator, Sequence

from tools.errors import UserError

PACKAGE_FILE = "__init__.py"


def find_module(module: str, files: Collection[str], subdirectory: str, sources: Sequence[str]) -> str:
    """The file of `package.module` among the repository's files; raises UserError with near names where there is none.

    `sources` are relative to the project's folder, `subdirectory`; the first that has the module wins.
    """
    parts = module.split(".")
    if not all(part.isidentifier() for part in parts):
        raise UserError(f"{module!r} is not the name of a module.")
    known = set(files)
    for source in sources:
        stem = posixpath.normpath(posixpath.join(subdirectory, source, *parts))
        for path in (f"{stem}/{PACKAGE_FILE}", f"{stem}.py"):
            if path in known:
                return path
    names = [name for source in sources for name in _modules(files, posixpath.join(subdirectory, source))]
    raise UserError(f"There is no module {module!r} in the project{near_names(module, names)}.", status=404)


def defined_names(source: str, path: str) -> tuple[str, ...]:
    """Qualified names of all functions and classes, nested ones too (`outer.inner`); raises UserError."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise UserError(f"{path} is not Python that can be parsed: {error}.", status=422) from error
    return tuple(_names(tree, ""))


def near_names(name: str, names: Iterable[str]) -> str:
    """A clause that offers the names that look most like the one asked for; empty where none does."""
    known = sorted(set(names))
    last = name.rpartition(".")[2]
    same_end = [other for other in known if other.rpartition(".")[2] == last]
    near = list(dict.fromkeys([*same_end, *difflib.get_close_matches(name, known, n=3)]))[:3]
    return f"; did you mean {' or '.join(near)}" if near else ""


def _names(node: ast.AST, prefix: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield prefix + child.name
            yield from _names(child, f"{prefix}{child.name}.")
        else:
            yield from _names(child, prefix)


def _modules(files: Iterable[str], source: str) -> Iterator[str]:
    root = posixpath.normpath(source)
    for path in files:
        inside = path if root == "." else path.removeprefix(f"{root}/")
        if path.endswith(".py") and (root == "." or inside != path):
            name = inside.removesuffix(".py").removesuffix("/__init__")
            yield name.replace("/", ".")
