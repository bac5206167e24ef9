"""A function under edit: its libcst tree with parents, positions in the module, and text to cut and paste."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from agent.proposers.rewrite.syntax import Comprehension, Loop, children, name_of

if TYPE_CHECKING:
    from agent.proposers.rewrite.module import ModuleUnderEdit

N = TypeVar("N", bound=cst.CSTNode)
Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
_HEADER = "if 1:\n"
_INTROSPECTION = frozenset({"locals", "vars", "eval", "exec", "dir", "globals", "_getframe", "currentframe", "stack"})

_ATOMS = (cst.Name, cst.Call, cst.Attribute, cst.Subscript, cst.List, cst.ListComp, cst.SimpleString, cst.Tuple)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """New text for the characters from `start` up to `end` of a module; both are offsets in its source."""

    start: int
    end: int
    text: str


class Function:
    """One definition; `around` are the functions and classes it stands in, outermost first."""

    def __init__(
        self,
        module: ModuleUnderEdit,
        definition: ast.FunctionDef | ast.AsyncFunctionDef,
        around: Sequence[ast.AST] = (),
    ) -> None:
        self.module = module
        self.definition = definition
        self.around = tuple(around)
        first = min([definition.lineno, *(decorator.lineno for decorator in definition.decorator_list)])
        starts = [*module.line_starts, len(module.source)]
        self.start, self.end = starts[first - 1], starts[definition.end_lineno or first]
        text = module.source[self.start : self.end]
        self._header = _HEADER if text[:1] in " \t" else ""
        wrapper = MetadataWrapper(cst.parse_module(self._header + text), unsafe_skip_copy=True)
        self._positions = wrapper.resolve(PositionProvider)
        self._first_line = first - (1 if self._header else 0)
        self.node = _definition_in(wrapper.module)

    @cached_property
    def _order(self) -> tuple[list[cst.CSTNode], dict[cst.CSTNode, tuple[int, int]], dict[cst.CSTNode, cst.CSTNode]]:
        order: list[cst.CSTNode] = []
        extent: dict[cst.CSTNode, tuple[int, int]] = {}
        parent: dict[cst.CSTNode, cst.CSTNode] = {}

        def visit(node: cst.CSTNode) -> None:
            begin = len(order)
            order.append(node)
            for child in children(node):
                parent[child] = node
                visit(child)
            extent[node] = (begin, len(order))

        visit(self.node)
        return order, extent, parent

    def inside(self, node: cst.CSTNode) -> Sequence[cst.CSTNode]:
        """The node and everything below it, parents before children."""
        order, extent, _ = self._order
        begin, end = extent[node]
        return order[begin:end]

    def all(self, kind: type[N], within: cst.CSTNode | None = None) -> list[N]:
        """Every node of one type within another (the function's body by default), nested functions included."""
        return [node for node in self.inside(within or self.node.body) if isinstance(node, kind)]

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around it; None for the function itself."""
        return self._order[2].get(node)

    def ancestors(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """What stands around a node, innermost first, the function last."""
        found = []
        above = self.parent(node)
        while above is not None:
            found.append(above)
            above = self.parent(above)
        return found

    def contains(self, outer: cst.CSTNode, node: cst.CSTNode) -> bool:
        """Whether `node` is `outer` or stands below it."""
        _, extent, _ = self._order
        begin, end = extent[outer]
        return begin <= extent[node][0] < end

    def range(self, node: cst.CSTNode) -> CodeRange:
        """Lines and columns within the function's own text."""
        return self._positions[node]

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Offsets of a node in the module, parentheses around it left out."""
        where = self.range(node)
        starts = self.module.line_starts
        begin = starts[where.start.line + self._first_line - 2] + where.start.column
        return begin, starts[where.end.line + self._first_line - 2] + where.end.column

    def line(self, node: cst.CSTNode) -> int:
        """The module's line a node begins on, counted from 1."""
        return self.range(node).start.line + self._first_line - 1

    def code(self, node: cst.CSTNode) -> str:
        """A node's text, fit to stand anywhere: parenthesised where it was, or where it spans lines."""
        begin, end = self.span(node)
        text = self.module.source[begin:end]
        own = isinstance(node, cst.BaseExpression) and bool(node.lpar)
        return f"({text})" if own or "\n" in text or isinstance(node, (cst.GeneratorExp, cst.NamedExpr)) else text

    def atom(self, node: cst.CSTNode) -> str:
        """A node's text, fit to be called, subscripted or asked for an attribute."""
        text, (begin, end) = self.code(node), self.span(node)
        return text if isinstance(node, _ATOMS) or len(text) > end - begin else f"({text})"

    def replace(self, node: cst.CSTNode, text: str) -> Piece:
        """Put `text` in place of a node, inside the parentheses around it."""
        begin, end = self.span(node)
        return Piece(start=begin, end=end, text=text)

    def swap(self, node: cst.CSTNode, text: str) -> Piece:
        """Put `text` in place of a node and of the parentheses around it."""
        begin, end = self.span(node)
        if isinstance(node, cst.BaseExpression) and node.lpar and node.rpar:
            begin, end = self.span(node.lpar[0])[0], self.span(node.rpar[-1])[1]
        return Piece(start=begin, end=end, text=text)

    def followed(self, small: cst.CSTNode, *texts: str) -> str:
        """A small statement's text with more statements behind it, on lines of their own where it has one to itself."""
        line = self.parent(small)
        own = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 and self._indent(line) is not None
        joint = f"\n{self._indent(line)}" if own and line is not None else "; "
        begin, end = self.span(small)
        return joint.join([self.module.source[begin:end], *texts])

    def statement(self, node: cst.CSTNode) -> Statement | None:
        """The innermost statement around a node (or itself) in front of which a line can be put; None if there is none.

        For the test of an `elif` that is the whole `if` statement.
        """
        for above in [node, *self.ancestors(node)]:
            if isinstance(above, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
                if isinstance(self.parent(above), cst.If):
                    continue
                return above if self._indent(above) is not None else None
        return None

    def _indent(self, statement: cst.CSTNode) -> str | None:
        begin, _ = self.span(statement)
        line = self.module.line_starts[bisect_left(self.module.line_starts, begin + 1) - 1]
        text = self.module.source[line:begin]
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)) and statement.decorators:
            return None
        return text if text.strip() == "" else None

    def before(self, statement: Statement, *lines: str) -> Piece:
        """Lines in front of a statement, at its indentation; for statements that `statement` returned."""
        indent = self._indent(statement) or ""
        at = self.span(statement)[0] - len(indent)
        return Piece(start=at, end=at, text="".join(f"{indent}{line}\n" for line in lines))

    def after(self, statement: Statement, *lines: str) -> Piece:
        """Lines behind a statement, at its indentation."""
        indent = self._indent(statement) or ""
        end = self.span(statement)[1]
        following = self.module.source.find("\n", end)
        if following < 0:
            at = len(self.module.source)
            return Piece(start=at, end=at, text="".join(f"\n{indent}{line}" for line in lines))
        return Piece(start=following + 1, end=following + 1, text="".join(f"{indent}{line}\n" for line in lines))

    def line_of(self, statement: cst.CSTNode) -> Piece:
        """The removal of a statement that has its lines to itself, up to the start of the next line."""
        begin, end = self.span(statement)
        starts = self.module.line_starts
        first = starts[bisect_left(starts, begin + 1) - 1]
        following = self.module.source.find("\n", end)
        return Piece(start=first, end=len(self.module.source) if following < 0 else following + 1, text="")

    def siblings(self, statement: cst.CSTNode) -> Sequence[cst.CSTNode]:
        """The statements of the block that a statement stands in, itself included; empty outside an indented block."""
        above = self.parent(statement)
        return above.body if isinstance(above, cst.IndentedBlock) else ()

    def earlier(self, statement: cst.CSTNode) -> list[cst.CSTNode]:
        """The statements in front of one in its own block, the nearest first."""
        found: list[cst.CSTNode] = []
        for sibling in self.siblings(statement):
            if sibling is statement:
                break
            found.insert(0, sibling)
        return found

    def comprehension(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The innermost comprehension or generator around a node."""
        return next((above for above in self.ancestors(node) if isinstance(above, Comprehension)), None)

    def repeats(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """The loops and comprehensions of its own scope that evaluate a node anew on each turn, innermost first."""
        found: list[cst.CSTNode] = []
        below = node
        for above in self.ancestors(node):
            if isinstance(above, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
                break
            if isinstance(above, Loop) and _is_repeated(above, below):
                found.append(above)
            if isinstance(above, Comprehension) and not self.contains(above.for_in.iter, node):
                found.append(above)
            below = above
        return found

    def shows(self, piece: Piece) -> bool:
        """Whether a piece lies in code that an f-string shows as it is written: `f"{x=}"`."""
        return any(begin < piece.end and piece.start < end for begin, end in self._shown)

    @cached_property
    def _shown(self) -> list[tuple[int, int]]:
        found = [node for node in self.inside(self.node) if isinstance(node, cst.FormattedStringExpression)]
        return [self.span(node) for node in found if node.equal is not None]

    @cached_property
    def bound_around(self) -> frozenset[str]:
        """The names that the functions around this one bind; a class's names are not seen by its methods."""
        functions = [scope for scope in self.around if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef)]
        return frozenset().union(*(self.module.bound_in(scope) for scope in functions))

    @cached_property
    def opaque(self) -> bool:
        """Whether the function looks at its own variables or uses syntax that the rules do not follow."""
        for node in self.inside(self.node):
            if name_of(node) in _INTROSPECTION or isinstance(node, (cst.Match, cst.TypeAlias)):
                return True
            if isinstance(node, cst.Attribute) and node.attr.value in _INTROSPECTION:
                return True
        return False


def _is_repeated(loop: cst.For | cst.While, part: cst.CSTNode) -> bool:
    """Whether a direct child of a loop is evaluated on each turn."""
    return part is loop.body or (isinstance(loop, cst.While) and part is loop.test)


def _definition_in(tree: cst.Module) -> cst.FunctionDef:
    body: Sequence[cst.CSTNode] = tree.body
    if body and isinstance(body[0], cst.If):
        body = body[0].body.body
    if len(body) != 1 or not isinstance(body[0], cst.FunctionDef):
        raise ValueError("the text is not that of one function")
    return body[0]
