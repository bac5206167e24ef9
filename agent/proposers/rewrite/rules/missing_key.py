"""A `try` that gives a default where a dict lacks a key becomes `get`, which raises nothing."""

import ast
from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.constants import is_scalar
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import assignment, index_of, name_of, small_statements


class MissingKeyRule(TreeRule):
    """Raises and catches a KeyError wherever a dict lacks a key."""

    name = "missing-key"
    payoff = 54
    safe_when = (
        "The `try` is a single `x = d[k]` or `return d[k]`, its one handler catches KeyError alone and does the same "
        "with a default that is a literal or a plain name; `d` is proven or annotated to be a dict, or is a dict "
        "written out in the module and bound once, so that it has no `__missing__`; the key is a plain name or "
        "literal. Refused for `else`, `finally`, a handler that names the error, and defaults that would be "
        "calculated each time."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each `try`."""
        function = analysis.function
        for node in function.all(cst.Try):
            body, handler = _only(node.body), node.handlers[0] if len(node.handlers) == 1 else None
            if body is None or handler is None or node.orelse is not None or node.finalbody is not None:
                continue
            if name_of(handler.type) != "KeyError" or handler.name is not None:
                continue
            other = _only(handler.body)
            if other is None or not analysis.names.is_builtin("KeyError"):
                continue
            written = self._written(analysis, body, other)
            if written is not None and not _has_comment(analysis, node):
                begin, end = function.span(node)[0], function.span(other)[1]
                yield Finding(
                    summary="ask the dict for a default instead of catching a KeyError",
                    node=node,
                    pieces=[Piece(start=begin, end=end, text=written)],
                )

    def _written(self, analysis: Analysis, body: cst.BaseSmallStatement, other: cst.BaseSmallStatement) -> str | None:
        """The statement with `get`, None where the two do different things."""
        if isinstance(body, cst.Return) and isinstance(other, cst.Return):
            head, looked_up, default = "return ", body.value, other.value
        else:
            one, two = assignment(body), assignment(other)
            if one is None or two is None or one[0] != two[0] or not isinstance(body, cst.Assign):
                return None
            head, looked_up, default = f"{one[0]} = ", one[1], two[1]
            if one[0] in analysis.names.outer:
                return None
        key = index_of(looked_up) if looked_up is not None else None
        if not isinstance(looked_up, cst.Subscript) or key is None or not self._is_dict(analysis, looked_up.value):
            return None
        if not (isinstance(key, cst.Name) or is_scalar(key)) or (
            default is not None and not _is_ready(analysis, default)
        ):
            return None
        shown = "" if default is None or name_of(default) == "None" else f", {analysis.function.code(default)}"
        return f"{head}{analysis.function.code(looked_up.value)}.get({analysis.function.code(key)}{shown})"

    def _is_dict(self, analysis: Analysis, node: cst.BaseExpression) -> bool:
        name = name_of(node)
        if name is None:
            return False
        kind = analysis.kinds.of_name(name)
        if kind is not None:
            return kind.base == "dict"
        if name in analysis.names.bindings or name in analysis.function.bound_around:
            return False
        return isinstance(analysis.function.module.constant(name), ast.Dict | ast.DictComp)


def _is_ready(analysis: Analysis, node: cst.BaseExpression) -> bool:
    """Whether a default costs nothing and cannot fail: a literal, or a name that is surely bound."""
    name = name_of(node)
    return is_scalar(node) or (name is not None and analysis.names.is_parameter(name))


def _only(block: cst.BaseSuite) -> cst.BaseSmallStatement | None:
    body = block.body if isinstance(block, cst.IndentedBlock) else ()
    smalls = small_statements(body[0]) if len(body) == 1 else ()
    return smalls[0] if len(smalls) == 1 else None


def _has_comment(analysis: Analysis, node: cst.CSTNode) -> bool:
    begin, end = analysis.function.span(node)
    return "#" in analysis.function.module.source[begin:end]
