"""A module that one function needs is imported by that function, not at start-up."""

import ast
from collections.abc import Iterator

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.rule import Finding, TreeRule

_LOADED = frozenset(
    [
        "sys",
        "os",
        "io",
        "abc",
        "re",
        "builtins",
        "codecs",
        "stat",
        "posixpath",
        "genericpath",
        "enum",
        "functools",
        "collections",
        "operator",
        "keyword",
        "itertools",
        "types",
        "time",
        "warnings",
        "contextlib",
        "typing",
        "__future__",
        "math",
        "string",
        "copy",
        "reprlib",
        "struct",
        "bisect",
        "heapq",
        "errno",
    ]
)
"""Modules that Python itself loads at its start, or that cost next to nothing."""


class LazyImportRule(TreeRule):
    """Is the only user of a module that the file imports at its start."""

    name = "lazy-import"
    payoff = 20
    safe_when = (
        "A plain `import x` (or `import x as y`) on a line of its own at the top of the file, of a module outside the "
        "package, whose name occurs in this one function's body and nowhere else: not in another function, a class, a "
        "decorator, a default, an annotation or `__all__`. The import moves into the function, behind its docstring. "
        "Refused for generators and coroutines, which start later, for modules that Python loads anyway, and under "
        "`try` or `if`. Likely, left to the tests: the import has no side effect that others wait for, and nobody "
        "reaches the name through this module."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each module."""
        function, module = analysis.function, analysis.function.module
        definition = function.definition
        if isinstance(definition, ast.AsyncFunctionDef) or _yields(definition) or "__all__" in module.bindings:
            return
        for statement in module.tree.body:
            name = _sole_name(statement)
            if name is None or len(module.bindings.get(name, [])) != 1 or name in analysis.names.bindings:
                continue
            if not isinstance(statement, ast.Import) or statement.names[0].name.partition(".")[0] in _LOADED:
                continue
            if statement.lineno > definition.lineno or not self._is_only_user(analysis, name):
                continue
            body = definition.body
            first = body[1] if ast.get_docstring(definition, clean=False) is not None and len(body) > 1 else body[0]
            at = module.line_starts[first.lineno - 1]
            indent = " " * first.col_offset
            text = ast.unparse(statement)
            removed = Piece(
                start=module.line_starts[statement.lineno - 1],
                end=module.line_starts[statement.end_lineno or 0],
                text="",
            )
            line = module.source[removed.start : removed.end]
            if line.strip() == text and module.source[at : at + len(indent)].strip() == "":
                pieces = [removed, Piece(start=at, end=at, text=f"{indent}{text}\n\n")]
                summary = f"import {statement.names[0].name} where it is needed instead of at start-up"
                yield Finding(summary=summary, node=function.node, pieces=pieces)

    def _is_only_user(self, analysis: Analysis, name: str) -> bool:
        """Whether every use of a name in the file stands in the body of this function."""
        inside = {id(node) for statement in analysis.function.definition.body for node in ast.walk(statement)}
        uses = [node for node in ast.walk(analysis.function.module.tree) if _mentions(node, name)]
        return bool(uses) and all(id(node) in inside for node in uses)


def _sole_name(statement: ast.stmt) -> str | None:
    """The name that an import of one module binds."""
    if not isinstance(statement, ast.Import) or len(statement.names) != 1:
        return None
    alias = statement.names[0]
    if alias.asname is None and "." in alias.name:
        return None
    return alias.asname or alias.name


def _mentions(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value == name or f"{name}." in node.value
    return isinstance(node, ast.Name) and node.id == name


def _yields(definition: ast.AST) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(definition))
