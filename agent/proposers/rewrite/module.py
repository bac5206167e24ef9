"""A module under edit: its text, what it binds at its top level, and its functions as libcst trees.

The module as a whole is read once with the standard `ast` (quick, positions in hand); libcst sees one function at a
time, so that a large module costs no more than the function that is being worked on.
"""

import ast
import builtins
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from itertools import takewhile

import libcst as cst

from agent.proposers.rewrite.function import Function, Piece

Definition = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of(source: str) -> list[str]:
    """The lines of a text with their ends, as Python counts them: a form feed or U+2028 is no end of a line."""
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", source)


class ModuleUnderEdit:
    """One module's source; raises SyntaxError (or ValueError for a null byte) where it does not parse."""

    def __init__(self, source: str, path: str = "") -> None:
        self.source = source
        self.path = path
        self.tree = ast.parse(source)

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of each line's first character."""
        return [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", self.source))]

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Every identifier that occurs anywhere in the file, in comments too."""
        return frozenset(re.findall(r"[^\W\d]\w*", self.source))

    def bound_in(self, scope: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
        """Every name that a function, or one inside it, binds."""
        if scope not in self._bound_in:
            found = {name for node in ast.walk(scope) if node is not scope for name in _bound_by(node)}
            found.update(node.arg for node in ast.walk(scope) if isinstance(node, ast.arg))
            found.update(node.id for node in ast.walk(scope) if isinstance(node, ast.Name) and _is_store(node))
            self._bound_in[scope] = frozenset(found)
        return self._bound_in[scope]

    @cached_property
    def _bound_in(self) -> dict[ast.AST, frozenset[str]]:
        return {}

    @cached_property
    def _names(self) -> frozenset[str]:
        """Every name that is read or bound anywhere, and those of the builtins."""
        found = set(dir(builtins))
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            else:
                found.update(_bound_by(node))
        return frozenset(found)

    @cached_property
    def bindings(self) -> dict[str, list[ast.AST]]:
        """What binds each module-level name, statements inside `if` and `try` and `global` declarations included."""
        found: dict[str, list[ast.AST]] = {}
        for node in _own_scope(self.tree):
            for name in _bound_by(node):
                found.setdefault(name, []).append(node)
        for node in ast.walk(self.tree) if "global" in self.identifiers else ():
            if isinstance(node, ast.Global):
                for name in node.names:
                    found.setdefault(name, []).append(node)
        return found

    @cached_property
    def star_import(self) -> bool:
        """Whether a star import hides what the module binds."""
        return "*" in self.bindings

    def is_builtin(self, name: str) -> bool:
        """Whether a name that a function does not bind itself means the builtin of that name."""
        return hasattr(builtins, name) and name not in self.bindings and not self.star_import

    def imported(self, name: str) -> str | None:
        """The dotted name a module-level import binds `name` to, where nothing else binds it and it is absolute."""
        nodes = self.bindings.get(name, [])
        if len(nodes) != 1 or self.star_import:
            return None
        node = nodes[0]
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname == name:
                    return alias.name
                if alias.asname is None and alias.name.split(".")[0] == name:
                    return name
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            return next((f"{node.module}.{a.name}" for a in node.names if (a.asname or a.name) == name), None)
        return None

    def constant(self, name: str) -> ast.expr | None:
        """The value of a module-level name that is assigned exactly once, at the top level; None otherwise."""
        nodes = self.bindings.get(name, [])
        if len(nodes) != 1 or self.star_import or nodes[0] not in self.tree.body:
            return None
        node = nodes[0]
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            return node.value
        return node.value if isinstance(node, ast.AnnAssign) else None

    def functions(self, qualname: str) -> tuple[Function, ...]:
        """Every definition of that qualified name ("f", "Class.method", "outer.inner"), in the order of the source.

        One that is nested too deep for libcst is left out.
        """
        if qualname not in self._functions:
            wanted = [part for part in qualname.split(".") if part != "<locals>"]
            found = _definitions(self.tree, wanted)
            read = (self._function(definition, scopes) for definition, scopes in found)
            self._functions[qualname] = tuple(function for function in read if function is not None)
        return self._functions[qualname]

    def leave_out(self, qualname: str) -> None:
        """Have no definition of that name from here on; what is known of it may be half done."""
        self._functions[qualname] = ()

    def _function(self, definition: Definition, around: tuple[ast.AST, ...]) -> Function | None:
        """A definition as a tree; None where libcst cannot read it, as it cannot what is nested hundreds deep."""
        try:
            return Function(self, definition, around)
        except (RecursionError, KeyError, cst.ParserSyntaxError):
            return None

    @cached_property
    def _functions(self) -> dict[str, tuple[Function, ...]]:
        return {}

    def fresh(self, base: str) -> str:
        """A name close to `base` that occurs nowhere in the file."""
        name, count = base, 1
        while name in self.identifiers or hasattr(builtins, name):
            count += 1
            name = f"{base}_{count}"
        return name

    def bring(self, module: str, attribute: str | None = None) -> tuple[str, list[Piece]]:
        """How to write `module.attribute` (or `module`) here, and the import that this needs, if any."""
        dotted = module if attribute is None else f"{module}.{attribute}"
        for name in self.bindings:
            bound = self.imported(name)
            if bound == dotted:
                return name, []
            if attribute is not None and bound == module:
                return f"{name}.{attribute}", []
        short = attribute or module
        if short not in self._names and not self.star_import:
            text = f"import {module}" if attribute is None else f"from {module} import {attribute}"
            return short, [self.top_line(text)]
        alias = self.fresh(f"_{short}")
        text = f"import {module} as {alias}" if attribute is None else f"from {module} import {attribute} as {alias}"
        return alias, [self.top_line(text)]

    def top_line(self, text: str) -> Piece:
        """An import on a line of its own: sorted in among those at the top, behind docstring and `__future__`."""
        body = self.tree.body
        at = 0
        while at < len(body) and (_is_docstring(body[at], at) or _is_future(body[at])):
            at += 1
        imports = list(takewhile(lambda node: isinstance(node, ast.Import | ast.ImportFrom), body[at:]))
        wanted = _import_order(ast.parse(text).body[0])
        place = max((at + i + 1 for i, node in enumerate(imports) if _import_order(node) < wanted), default=at)
        if place > at:
            return self.line_after(body[place - 1].end_lineno or 0, text)
        if at > 0 and not imports:
            end = body[at - 1].end_lineno or 0
            start = self.line_starts[end] if end < len(self.line_starts) else len(self.source)
            gap = "" if self.source[start : start + 1] in ("\n", "") else "\n\n"
            return Piece(start=start, end=start, text=f"\n{text}\n{gap}")
        if at < len(body):
            gap = "\n" if imports and _import_order(imports[0])[0] == 0 else "\n\n" if imports else "\n\n\n"
            return self.line_before(body[at], text + gap)
        return Piece(start=len(self.source), end=len(self.source), text=f"\n{text}\n")

    def line_before(self, statement: ast.stmt, text: str) -> Piece:
        """`text` in front of a module-level statement, its decorators and the comments directly above it."""
        decorators = getattr(statement, "decorator_list", [])
        line = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
        if isinstance(statement, (*_DEFINITIONS, ast.Assign)):
            while line > 1 and self._line(line - 1).startswith("#"):
                line -= 1
        at = self.line_starts[line - 1]
        return Piece(start=at, end=at, text=text)

    def line_after(self, line: int, text: str) -> Piece:
        """`text` as a line of its own behind a line."""
        start = self.line_starts[line] if line < len(self.line_starts) else len(self.source)
        return Piece(start=start, end=start, text=f"{text}\n" if self.source[:start].endswith("\n") else f"\n{text}\n")

    def _line(self, number: int) -> str:
        start = self.line_starts[number - 1]
        return self.source[start : self.line_starts[number] if number < len(self.line_starts) else None]

    def apply(self, pieces: list[Piece]) -> str:
        """The source with the pieces put in; raises ValueError where two of them overlap."""
        parts, at = [], 0
        for piece in sorted(dict.fromkeys(pieces), key=lambda piece: (piece.start, piece.end)):
            if piece.start < at:
                raise ValueError("two pieces overlap")
            parts += [self.source[at : piece.start], piece.text]
            at = piece.end
        return "".join([*parts, self.source[at:]])


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _is_docstring(node: ast.stmt, position: int) -> bool:
    return position == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _import_order(node: ast.AST) -> tuple[int, int, str]:
    """Where an import stands among sorted ones: standard library first, and there plain imports first."""
    name = node.names[0].name if isinstance(node, ast.Import) else getattr(node, "module", "") or "."
    standard = name.partition(".")[0] in sys.stdlib_module_names and not getattr(node, "level", 0)
    return (0 if standard else 1, isinstance(node, ast.ImportFrom), name)


def _own_scope(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below `node` that belong to its own scope."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (*_DEFINITIONS, ast.Lambda)):
            yield from _own_scope(child)


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names a statement binds; targets are reported with the statement they belong to where that is simple."""
    if isinstance(node, _DEFINITIONS):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.split(".")[0]
    elif isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)) or (
        isinstance(node, (ast.AugAssign, ast.NamedExpr)) and isinstance(node.target, ast.Name)
    ):
        yield node.target.id
    elif isinstance(node, ast.Assign | ast.For | ast.With | ast.Delete | ast.comprehension | ast.AsyncFor):
        yield from (name.id for name in ast.walk(node) if isinstance(name, ast.Name) and _is_store(name))
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name


def _is_store(name: ast.Name) -> bool:
    return isinstance(name.ctx, (ast.Store, ast.Del))


def _definitions(tree: ast.Module, wanted: list[str]) -> list[tuple[Definition, tuple[ast.AST, ...]]]:
    """Definitions by qualified name, each with the functions and classes around it, outermost first."""
    level: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())]
    for part in wanted:
        level = [
            (node, (*around, node))
            for parent, around in level
            for node in _own_scope(parent)
            if isinstance(node, _DEFINITIONS) and node.name == part
        ]
    return [(node, around[:-1]) for node, around in level if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
