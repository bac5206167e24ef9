"""Names for places in a tree: which function stands at a line of a file, and which module a file is."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tools.compiler.functions import is_native, read_native
from tools.recipe.environment import PROJECT

MODULE_LEVEL = "<module>"
"""In the place of a qualname: code that runs when its module is imported."""
MOST_SOURCE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, order=True)
class Function:
    """A function that can be named from outside (`f`, `Class.method`), or a module's own level.

    What runs in a nested function, lambda or comprehension belongs to the function around it.
    """

    path: str
    """Relative to the repository's root, with forward slashes."""
    qualname: str


@dataclass(frozen=True, kw_only=True)
class Span:
    """The lines of one function, decorators included; both ends count from 1 and belong to it."""

    qualname: str
    first_line: int
    last_line: int


class SourceIndex:
    """Reads the files of one tree as they are asked for."""

    def __init__(self, tree: Path, sources: Sequence[str] = (".",), subdirectory: str = "") -> None:
        self.tree = tree.resolve()
        self.subdirectory = subdirectory
        base = PurePosixPath(subdirectory)
        # The longest first: `src/pkg/mod.py` is `pkg.mod` although `.` is a source as well.
        self._sources = sorted({base / source for source in sources}, key=lambda source: -len(source.parts))
        self._spans: dict[str, tuple[Span, ...]] = {}

    def relative(self, sandbox_path: str) -> str | None:
        """The path within the repository of a file below the project's mount; None where it is not one."""
        path = PurePosixPath(sandbox_path)
        if not path.is_relative_to(PROJECT) or ".." in path.parts or "\0" in sandbox_path:
            return None
        return path.relative_to(PROJECT).as_posix()

    def function_at(self, path: str, line: int) -> Function:
        """The function that has this line; MODULE_LEVEL where none does or the file cannot be read."""
        found = MODULE_LEVEL
        for span in self.spans(path):
            if span.first_line <= line <= span.last_line:
                found = span.qualname
        return Function(path=path, qualname=found)

    def spans(self, path: str) -> tuple[Span, ...]:
        """Every function of a file that can be named from outside, in order; empty where it cannot be read."""
        if path not in self._spans:
            data = self._read(path) or b""
            native = is_native(path)
            found = native_spans(data.decode("utf-8", "replace"), path) if native else function_spans(data)
            self._spans[path] = tuple(found)
        return self._spans[path]

    def first_line(self, function: Function) -> int:
        """Where a function begins, decorators included; 1 for a module's own level."""
        return next((span.first_line for span in self.spans(function.path) if span.qualname == function.qualname), 1)

    def module(self, path: str) -> str | None:
        """The dotted name that a file is imported by, of C and C++ its path; None where it has neither."""
        if is_native(path):
            return path
        pure = PurePosixPath(path)
        for source in self._sources:
            if pure.suffix == ".py" and pure.is_relative_to(source):
                parts = pure.relative_to(source).with_suffix("").parts
                if parts[-1:] == ("__init__",):
                    parts = parts[:-1]
                if parts and all(part.isidentifier() for part in parts):
                    return ".".join(parts)
        return None

    def text(self, path: str) -> str:
        """A file's text, what is not UTF-8 replaced; empty where it cannot be read."""
        return (self._read(path) or b"").decode("utf-8", "replace")

    def _read(self, path: str) -> bytes | None:
        file = (self.tree / path).resolve()
        try:
            if not file.is_relative_to(self.tree) or file.stat().st_size > MOST_SOURCE_BYTES:
                return None
            return file.read_bytes()
        except OSError:
            return None


def native_spans(text: str, path: str) -> list[Span]:
    """The functions of a C or C++ file, named as C++ qualifies them."""
    found = read_native(text, path).functions
    return [Span(qualname=one.name, first_line=one.first, last_line=one.last) for one in found]


def function_spans(text: str | bytes) -> list[Span]:
    """The functions and methods of a module's source, outer classes included in their names, not nested functions."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    spans: list[Span] = []
    _collect(module.body, "", spans)
    return spans


def spans_of(path: str, text: str) -> list[Span]:
    """The functions of a file whose text may have changed since it was indexed."""
    if is_native(path):
        return native_spans(text, path)
    return function_spans(text) if path.endswith(".py") else []


def _collect(body: Sequence[ast.AST], prefix: str, spans: list[Span]) -> None:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            spans.append(Span(qualname=prefix + node.name, first_line=first, last_line=node.end_lineno or node.lineno))
        elif isinstance(node, ast.ClassDef):
            _collect(node.body, f"{prefix}{node.name}.", spans)
        elif isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            # Functions also stand under `if TYPE_CHECKING`, `try`, `with`.
            _collect(list(ast.iter_child_nodes(node)), prefix, spans)
