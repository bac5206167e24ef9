"""Sorting only to take one end becomes a single pass."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.kind import SEQUENCES
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import index_of, integer, name_of, slice_of

_MOST_OF_MANY = 64


class ExtremumRule(TreeRule):
    """Sorts everything and keeps the first, the last, or the first few."""

    name = "extremum"
    payoff = 80
    safe_when = (
        "`sorted` is the builtin and its result is only indexed by 0 or -1, or sliced up to a small literal. Ties "
        "come out as sorting leaves them: the first of equal minima is what `min` gives, but the *last* of equal "
        "maxima is `max` over the reversed sequence, never `max` itself. An empty input still raises the same "
        "IndexError, for `heapq.nsmallest` and `nlargest` are used where it is not proven that there is an item. "
        "Refused for floats (NaN has no order), for sets (`<` means subset), for keys with effects. Likely, left to "
        "the tests: items of unknown type have a total order."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each `sorted(...)` that is subscripted on the spot."""
        for node in analysis.function.all(cst.Subscript):
            call = node.value
            if (
                isinstance(call, cst.Call)
                and analysis.names.calls_builtin(call, "sorted")
                and self._fits(analysis, call)
            ):
                written = self._written(analysis, node, call)
                if written is not None:
                    summary, text, pieces = written
                    pieces.append(analysis.function.replace(node, text))
                    yield Finding(summary=summary, node=node, pieces=pieces)

    def _fits(self, analysis: Analysis, call: cst.Call) -> bool:
        if not call.args or call.args[0].star or call.args[0].keyword is not None:
            return False
        if any(arg.star or name_of(arg.keyword) not in ("key", "reverse") for arg in call.args[1:]):
            return False
        item = analysis.kinds.item(call.args[0].value)
        key = _keyword(call, "key")
        if key is None:
            return item is None or item.base in ("str", "bytes", "int", "bool", "?")
        if isinstance(key, cst.Lambda):
            return not any(
                isinstance(node, (cst.Call, cst.NamedExpr, cst.Float)) for node in analysis.function.inside(key)
            )
        return not analysis.names.is_local(name_of(key) or "") and name_of(key) != "float"

    def _written(self, analysis: Analysis, node: cst.Subscript, call: cst.Call) -> tuple[str, str, list[Piece]] | None:
        reverse = _reverse(call)
        if reverse is None or isinstance(analysis.function.parent(node), (cst.AssignTarget, cst.Del, cst.AugAssign)):
            return None
        index = integer(index_of(node))
        if index in (0, -1):
            return self._one(analysis, call, last=index == -1, reverse=reverse)
        part = slice_of(node)
        count = integer(part.upper) if part is not None and part.lower is None and part.step is None else None
        if count is None or not 0 < count <= _MOST_OF_MANY:
            return None
        function, pieces = analysis.function.module.bring("heapq", "nlargest" if reverse else "nsmallest")
        text = f"{function}({count}, {_operand(analysis, call)}{_key(analysis, call)})"
        return f"keep the {count} wanted instead of sorting everything", text, pieces

    def _one(
        self, analysis: Analysis, call: cst.Call, *, last: bool, reverse: bool
    ) -> tuple[str, str, list[Piece]] | None:
        """The last of a sorted list is the first extremum of the reversed input: sorting keeps equal items in order."""
        smallest = last == reverse
        operand = _operand(analysis, call)
        if last:
            if not analysis.names.is_builtin("reversed") or not analysis.names.is_builtin("list"):
                return None
            kind = analysis.kinds.base(call.args[0].value)
            operand = f"reversed({operand})" if kind in SEQUENCES else f"reversed(list({operand}))"
        summary = f"take the {'smallest' if smallest else 'largest'} in one pass instead of sorting everything"
        builtin = "min" if smallest else "max"
        if _never_empty(analysis, call.args[0].value) and analysis.names.is_builtin(builtin):
            return summary, f"{builtin}({operand}{_key(analysis, call)})", []
        function, pieces = analysis.function.module.bring("heapq", "nsmallest" if smallest else "nlargest")
        return summary, f"{function}(1, {operand}{_key(analysis, call)})[0]", pieces


def _keyword(call: cst.Call, name: str) -> cst.BaseExpression | None:
    return next((arg.value for arg in call.args if name_of(arg.keyword) == name), None)


def _reverse(call: cst.Call) -> bool | None:
    """The literal given for `reverse`, None where it is not a literal."""
    value = _keyword(call, "reverse")
    return False if value is None else {"True": True, "False": False}.get(name_of(value) or "")


def _operand(analysis: Analysis, call: cst.Call) -> str:
    return analysis.function.code(call.args[0].value)


def _key(analysis: Analysis, call: cst.Call) -> str:
    key = _keyword(call, "key")
    return "" if key is None or name_of(key) == "None" else f", key={analysis.function.code(key)}"


def _never_empty(analysis: Analysis, node: cst.BaseExpression) -> bool:
    """Whether an iterable is written out with an item in it, or stands under a test that it is not empty."""
    if isinstance(node, (cst.List, cst.Tuple, cst.Set)):
        return any(isinstance(element, cst.Element) for element in node.elements)
    name = name_of(node)
    if name is None or analysis.kinds.base(node) == "":
        return False
    below: cst.CSTNode = node
    for above in analysis.function.ancestors(node):
        if isinstance(above, (cst.If, cst.IfExp)) and below is above.body and name_of(above.test) == name:
            return not any(
                analysis.function.contains(above, binding.node) for binding in analysis.names.bindings[name]
            ) and not any(analysis.effects.mutates(use) for use in analysis.names.uses_within(name, above))
        below = above
    return False
