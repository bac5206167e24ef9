"""`sum(1 for x in xs if x == wanted)` becomes `xs.count(wanted)`."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import integer, is_text, name_of, sole_argument

_EXACT = ("str", "int", "bool", "bytes")


class CountItemsRule(TreeRule):
    """Counts the items that equal a value, one at a time."""

    name = "count-items"
    payoff = 71
    safe_when = (
        "`sum(1 for x in xs if x == v)`, `sum(x == v for x in xs)` or `len([x for x in xs if x == v])` by the "
        "builtins, with one loop. `xs` is a list or tuple (proven, or annotated so), or a text that is searched for a "
        "single character; `v` is a text or integer (proven or literal), for `count` takes the very same object as "
        "equal, which NaN is not. Refused for other comparisons and for bytes, whose items are numbers."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each call."""
        function = analysis.function
        for call in function.all(cst.Call):
            counted = self._counted(analysis, call)
            if counted is not None:
                items, value = counted
                text = f"{function.atom(items)}.count({function.code(value)})"
                summary = "let `count` compare the items instead of a loop"
                yield Finding(summary=summary, node=call, pieces=[function.replace(call, text)])

    def _counted(self, analysis: Analysis, call: cst.Call) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
        made = sole_argument(call)
        if not isinstance(made, (cst.GeneratorExp, cst.ListComp)):
            return None
        loop, summed = made.for_in, analysis.names.calls_builtin(call, "sum")
        if loop.inner_for_in is not None or loop.asynchronous is not None or len(loop.ifs) > 1:
            return None
        test: cst.BaseExpression | None = loop.ifs[0].test if loop.ifs else None
        if summed and test is None:
            test = made.elt
        elif (summed and integer(made.elt) != 1) or (
            not summed and not (analysis.names.calls_builtin(call, "len") and name_of(made.elt) == name_of(loop.target))
        ):
            return None
        item, value = name_of(loop.target), None if test is None else _compared(test, name_of(loop.target))
        if item is None or value is None or item in analysis.names.read(value):
            return None
        return (loop.iter, value) if self._fits(analysis, loop.iter, value) else None

    def _fits(self, analysis: Analysis, items: cst.BaseExpression, value: cst.BaseExpression) -> bool:
        kind, sought = analysis.kinds.of(items), analysis.kinds.of(value)
        if kind is not None and kind.base == "str":
            return isinstance(value, cst.SimpleString) and len(value.evaluated_value) == 1 and not is_text(value, b"")
        if kind is None or kind.base not in ("list", "tuple"):
            return False
        return sought is not None and sought.base in _EXACT and sought.sure


def _compared(test: cst.BaseExpression, item: str | None) -> cst.BaseExpression | None:
    """`v` of `x == v` or `v == x`."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return None
    target = test.comparisons[0]
    if not isinstance(target.operator, cst.Equal):
        return None
    if name_of(test.left) == item:
        return target.comparator if isinstance(target.comparator, (cst.Name, cst.SimpleString, cst.Integer)) else None
    plain = isinstance(test.left, (cst.Name, cst.SimpleString, cst.Integer)) and name_of(target.comparator) == item
    return test.left if plain else None
