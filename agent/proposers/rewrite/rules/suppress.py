"""`with suppress(KeyError):` becomes `try` and `except`, which cost nothing until something is raised."""

import ast
from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.constants import called_import
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import name_of, positional


class SuppressRule(TreeRule):
    """Makes a `contextlib.suppress` object around a few statements each time they run."""

    name = "suppress"
    payoff = 56
    safe_when = (
        "`suppress` is that of `contextlib`, imported at the top of the file, is the only item of the `with`, is "
        "bound to no name, and gets exceptions by name, dotted names included. `except` catches the same ones and "
        "goes on at the same place. Refused for star arguments, for several items, where one of the exceptions is the "
        "group kind, of which newer Pythons suppress a part, and where one of several may be a tuple, which `except` "
        "does not take within another: each is a class of the module, a builtin, or imported and not in capitals. "
        "Likely, left to the tests: what is imported so is a class."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each `with`."""
        function = analysis.function
        for block in function.all(cst.With):
            call = block.items[0].item if len(block.items) == 1 and block.items[0].asname is None else None
            if called_import(analysis, call or block) != "contextlib.suppress" or block.asynchronous is not None:
                continue
            assert isinstance(call, cst.Call)
            caught = positional(call)
            if not caught or not all(_is_name(node) for node in caught):
                continue
            if len(caught) > 1 and not all(_is_class(analysis, node) for node in caught):
                continue
            texts = [function.code(node) for node in caught]
            if any("Group" in text for text in texts) or not isinstance(block.body, cst.IndentedBlock):
                continue
            statement = function.statement(block)
            if statement is not block:
                continue
            shown = texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
            begin, header_end = function.span(block)[0], self._header_end(analysis, block)
            pieces = [Piece(start=begin, end=header_end, text="try:")]
            pieces.append(function.after(statement, f"except {shown}:", f"{self._inner(analysis, block)}pass"))
            yield Finding(summary=f"catch {shown} by `except`, which costs nothing", node=block, pieces=pieces)

    def _header_end(self, analysis: Analysis, block: cst.With) -> int:
        """Where the colon of a `with` ends."""
        source = analysis.function.module.source
        item_end = analysis.function.span(block.items[0].item)[1]
        return source.index(":", item_end) + 1

    def _inner(self, analysis: Analysis, block: cst.With) -> str:
        """The white space that the block's body is deeper by."""
        function, source = analysis.function, analysis.function.module.source
        outer, inner = (function.span(node)[0] - function.line_of(node).start for node in (block, block.body.body[0]))
        start = function.line_of(block.body.body[0]).start
        return source[start + outer : start + inner]


def _is_class(analysis: Analysis, node: cst.BaseExpression) -> bool:
    """Whether a name, dotted or not, is that of a class, as far as the module tells; a constant may be a tuple."""
    last = node.attr.value if isinstance(node, cst.Attribute) else name_of(node)
    while isinstance(node, cst.Attribute):
        node = node.value
    name, module = name_of(node) or "", analysis.function.module
    if name in analysis.names.bindings or name in analysis.function.bound_around or (last or "").isupper():
        return False
    if module.is_builtin(name) or module.imported(name) is not None:
        return True
    return all(isinstance(bound, ast.ClassDef | ast.ImportFrom) for bound in module.bindings.get(name, [node]))


def _is_name(node: cst.BaseExpression) -> bool:
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)
