"""`max(a, b)` of two numbers at hand becomes a comparison, which calls nothing."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_name, name_of, positional

_BARE_IN = (cst.Assign, cst.AnnAssign, cst.AugAssign, cst.Return, cst.Arg, cst.Index, cst.Expr)
"""What a conditional expression can stand in without parentheses."""


class EitherRule(TreeRule):
    """Calls `min` or `max` to choose between two plain values."""

    name = "either"
    payoff = 48
    safe_when = (
        "`min` or `max` is the builtin and gets exactly two plain names or number literals. `max(a, b)` gives `b` "
        "only where `b > a`, and asks nothing else; `b if b > a else a` asks the same and gives the same, for NaN, "
        "equal values and objects with comparisons of their own too. Refused for calls, attributes and subscripts, "
        "which would be evaluated twice, for `key`, and for star arguments."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for the calls of a function, where there are several; one for each alone."""
        function = analysis.function
        pieces = []
        first: cst.Call | None = None
        for call in function.all(cst.Call):
            if not analysis.names.calls_builtin(call, "min", "max"):
                continue
            arguments = positional(call)
            if arguments is None or len(arguments) != 2 or not all(_is_plain(argument) for argument in arguments):
                continue
            one, other = (function.code(argument) for argument in arguments)
            text = f"{other} if {other} {'>' if called_name(call) == 'max' else '<'} {one} else {one}"
            bare = isinstance(function.parent(call), _BARE_IN) or bool(call.lpar)
            pieces.append(function.replace(call, text if bare else f"({text})"))
            first = first or call
        if first is not None:
            summary = "compare the two values instead of calling `min` or `max`"
            yield Finding(summary=summary, node=first, pieces=pieces)


def _is_plain(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.UnaryOperation):
        return isinstance(node.operator, cst.Minus) and isinstance(node.expression, (cst.Integer, cst.Float))
    return name_of(node) not in (None, "None") or isinstance(node, (cst.Integer, cst.Float))
