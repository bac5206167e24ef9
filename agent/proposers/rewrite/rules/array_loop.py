"""A loop that fills an array item by item becomes one operation on whole arrays."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.constants import called_import, imported_above
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import assignment, index_of, name_of, positional, small_statements, sole_argument

_EXACT = {f"numpy.{name}" for name in ("sqrt", "abs", "minimum", "maximum")}
_OPERATORS = (cst.Add, cst.Subtract, cst.Multiply, cst.Divide)


class ArrayLoopRule(TreeRule):
    """Fills a NumPy array in a loop, one item at a time."""

    name = "array-loop"
    payoff = 99
    safe_when = (
        "All the loop over `range(len(a))` does is `out[i] = ...`, where `out` was made right before it by `np.zeros` "
        "or `np.empty` of `len(a)` or by `zeros_like` or `empty_like` of `a`; the right side is made of `a[i]`, "
        "numbers and parameters that are annotated `float` by `+`, `-`, `*`, `/`, `sqrt`, `abs`, `minimum` and "
        "`maximum`, which round the same for items and arrays. Every array is a parameter annotated `np.ndarray` and "
        "not bound again, and is cut to the same length. Refused where the index is used otherwise, or later. Likely, "
        "left to the tests: arrays have one dimension and hold floats (small integers overflow otherwise)."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each loop."""
        function = analysis.function
        for loop in function.all(cst.For):
            index, measured = name_of(loop.target), _measured(analysis, loop.iter)
            body = loop.body.body if isinstance(loop.body, cst.IndentedBlock) else ()
            only = small_statements(body[0]) if len(body) == 1 else ()
            if index is None or measured is None or len(only) != 1 or loop.orelse is not None:
                continue
            filled = self._filled(analysis, loop, measured)
            stored = only[0]
            if filled is None or not isinstance(stored, cst.Assign) or len(stored.targets) != 1:
                continue
            target = stored.targets[0].target
            if (
                not isinstance(target, cst.Subscript)
                or name_of(target.value) != filled
                or name_of(index_of(target)) != index
            ):
                continue
            items = [node for node in function.all(cst.Subscript, stored.value) if name_of(index_of(node)) == index]
            if items and self._fits(analysis, stored.value, index) and self._stays_inside(analysis, loop, index):
                yield self._finding(analysis, loop, stored, filled, measured, items)

    def _filled(self, analysis: Analysis, loop: cst.For, measured: str) -> str | None:
        """The array that was made right before the loop, as long as the measured one."""
        earlier = analysis.function.earlier(loop)
        first = small_statements(earlier[0]) if earlier else ()
        made = assignment(first[0]) if len(first) == 1 else None
        call = made[1] if made is not None else None
        dotted = called_import(analysis, call or loop)
        if made is None or not isinstance(call, cst.Call):
            return None
        size = sole_argument(call)
        if dotted in ("numpy.zeros_like", "numpy.empty_like"):
            return made[0] if name_of(size) == measured else None
        if dotted not in ("numpy.zeros", "numpy.empty") or not analysis.names.calls_builtin(size, "len"):
            return None
        assert isinstance(size, cst.Call)
        return made[0] if name_of(sole_argument(size)) == measured else None

    def _fits(self, analysis: Analysis, node: cst.BaseExpression, index: str) -> bool:
        """Whether an expression is calculated from items and numbers by operations that are exact on arrays too."""
        if isinstance(node, cst.Subscript):
            return name_of(index_of(node)) == index and _is_array(analysis, name_of(node.value))
        if isinstance(node, cst.BinaryOperation):
            both = self._fits(analysis, node.left, index) and self._fits(analysis, node.right, index)
            return isinstance(node.operator, _OPERATORS) and both
        if isinstance(node, cst.UnaryOperation):
            return isinstance(node.operator, cst.Minus) and self._fits(analysis, node.expression, index)
        if isinstance(node, cst.Call):
            arguments = positional(node)
            known = called_import(analysis, node) in _EXACT and arguments is not None
            return known and all(self._fits(analysis, argument, index) for argument in arguments or ())
        name = name_of(node)
        return isinstance(node, (cst.Integer, cst.Float)) or (name is not None and _is_number(analysis, name))

    def _stays_inside(self, analysis: Analysis, loop: cst.For, index: str) -> bool:
        names = analysis.names
        inside = all(analysis.function.contains(loop, use.name) for use in names.uses.get(index, ()))
        return inside and not names.captured(index) and len(names.bindings[index]) == 1

    def _finding(
        self,
        analysis: Analysis,
        loop: cst.For,
        stored: cst.Assign,
        filled: str,
        measured: str,
        items: list[cst.Subscript],
    ) -> Finding:
        function, source = analysis.function, analysis.function.module.source
        begin, end = function.span(stored.value)
        text, at = "", begin
        for node in items:
            name = name_of(node.value) or ""
            start, stop = function.span(node)
            text += source[at:start] + (name if name == measured else f"{name}[: len({measured})]")
            at = stop
        pieces = [Piece(start=function.span(loop)[0], end=end, text=f"{filled}[:] = {text}{source[at:end]}")]
        return Finding(summary=f"fill `{filled}` by one operation on whole arrays", node=loop, pieces=pieces)


def _measured(analysis: Analysis, iterable: cst.BaseExpression) -> str | None:
    """`a` of `range(len(a))`, where it is an array."""
    if not analysis.names.calls_builtin(iterable, "range") or not isinstance(iterable, cst.Call):
        return None
    size = sole_argument(iterable)
    if not analysis.names.calls_builtin(size, "len") or not isinstance(size, cst.Call):
        return None
    name = name_of(sole_argument(size))
    return name if _is_array(analysis, name) else None


def _annotation(analysis: Analysis, name: str | None) -> cst.BaseExpression | None:
    """The annotation of a parameter that is bound nowhere else."""
    bindings = analysis.names.bindings.get(name or "", [])
    node = bindings[0].node if len(bindings) == 1 else None
    return node.annotation.annotation if isinstance(node, cst.Param) and node.annotation is not None else None


def _is_array(analysis: Analysis, name: str | None) -> bool:
    annotation = _annotation(analysis, name)
    if not isinstance(annotation, cst.Attribute) or not isinstance(annotation.value, cst.Name):
        return False
    return annotation.attr.value == "ndarray" and imported_above(analysis, annotation.value.value) == "numpy"


def _is_number(analysis: Analysis, name: str) -> bool:
    return name_of(_annotation(analysis, name)) == "float"
