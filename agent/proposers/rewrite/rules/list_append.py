"""`xs = xs + [x]` in a loop becomes `xs.append(x)`; the same for tuples, and for adding at the front."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.accumulation import Accumulation, Update, accumulations
from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.kind import Kind
from agent.proposers.rewrite.names import How, Use
from agent.proposers.rewrite.rule import Finding, TreeRule

_ARRAYS = ("numpy", "pandas", "torch", "jax", "sympy")


class ListAppendRule(TreeRule):
    """Builds a list or tuple by copying it on every turn."""

    name = "list-append"
    payoff = 85
    safe_when = (
        "The name starts as a fresh list (or tuple) in the same block, is local and in no closure; until the loop "
        "ends nothing else can hold the object: it is only added to, measured, indexed or searched. What is added at "
        "the end is a list display or comprehension (a tuple for tuples), so that `+` and `extend` mean the same; "
        "other pieces only where they are proven lists. At the front only where the list starts empty and the loop "
        "does not look at it."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each name and loop."""
        if any(module in _ARRAYS for module in _imported_roots(analysis)):
            return
        for built in accumulations(analysis, _is_glance):
            kind = analysis.kinds.of(built.first)
            grows = any(isinstance(update.node, cst.Assign) for update in built.updates)
            if kind is None or not kind.sure or not _is_fresh(analysis, built.first):
                continue
            fronts = {update.front for update in built.updates}
            if kind.base == "list" and grows and len(fronts) == 1 and self._all_are(analysis, built, "list"):
                if not any(fronts):
                    yield self._at_end(analysis, built)
                elif self._starts_empty(built) and not self._is_looked_at(analysis, built):
                    yield self._at_front(analysis, built)
            elif kind.base == "tuple" and fronts == {False} and not self._is_looked_at(analysis, built):
                yield from [self._tuple(analysis, built)] if self._all_are(analysis, built, "tuple") else []

    def _all_are(self, analysis: Analysis, built: Accumulation, base: str) -> bool:
        for update in built.updates:
            if len(update.added) > 1 and any(built.name in analysis.names.read(added) for added in update.added):
                return False
            if not all(_is_proven(analysis.kinds.of(added), base) for added in update.added):
                return False
        return True

    def _starts_empty(self, built: Accumulation) -> bool:
        if isinstance(built.first, cst.Call):
            return not built.first.args
        return isinstance(built.first, cst.List) and not built.first.elements

    def _is_looked_at(self, analysis: Analysis, built: Accumulation) -> bool:
        """Whether the loop, or code between it and the start, uses the object other than to add to it."""
        begin = analysis.function.span(built.start)[0]
        end = analysis.function.span(built.loop)[1]
        own = [
            use for use in analysis.names.uses.get(built.name, ()) if begin < analysis.function.span(use.name)[0] < end
        ]
        return len(own) != len(built.updates)

    def _at_end(self, analysis: Analysis, built: Accumulation) -> Finding:
        pieces = [analysis.function.replace(u.node, _grow(analysis, built.name, u)) for u in built.updates]
        return self._finding(
            built, pieces, f"append to the list `{built.name}` in place instead of copying it on every turn"
        )

    def _at_front(self, analysis: Analysis, built: Accumulation) -> Finding:
        pieces = [
            analysis.function.replace(u.node, _grow(analysis, built.name, u, backwards=True)) for u in built.updates
        ]
        pieces.append(analysis.function.after(built.loop, f"{built.name}.reverse()"))
        return self._finding(
            built, pieces, f"append to `{built.name}` and reverse it once instead of copying it on every turn"
        )

    def _tuple(self, analysis: Analysis, built: Accumulation) -> Finding:
        function = analysis.function
        parts = function.module.fresh(f"{built.name}_items")
        first = function.code(built.first)
        empty = isinstance(built.first, cst.Tuple) and not built.first.elements
        pieces = [
            function.replace(built.start, f"{parts} = []" if empty else f"{parts} = list({first})"),
            *(function.replace(update.node, _grow(analysis, parts, update)) for update in built.updates),
            function.after(built.loop, f"{built.name} = tuple({parts})"),
        ]
        return self._finding(
            built, pieces, f"collect the items of `{built.name}` in a list instead of copying the tuple on every turn"
        )

    def _finding(self, built: Accumulation, pieces: list[Piece], summary: str) -> Finding:
        return Finding(summary=summary, node=built.updates[0].node, pieces=pieces)


def _is_glance(use: Use) -> bool:
    """Whether a use looks at a list without keeping it or walking through it."""
    if use.how is How.READ:
        return True
    return use.how in (How.ITEM, How.SLICE, How.CONTAINS, How.TRUTH) or (
        use.how is How.METHOD and use.method in ("count", "index", "copy")
    )


def _is_proven(kind: Kind | None, base: str) -> bool:
    return kind is not None and kind.sure and kind.base == base


def _is_fresh(analysis: Analysis, value: cst.BaseExpression) -> bool:
    display = isinstance(value, (cst.List, cst.ListComp, cst.Tuple, cst.BinaryOperation))
    return display or analysis.names.calls_builtin(value, "list", "tuple", "sorted")


def _grow(analysis: Analysis, name: str, update: Update, *, backwards: bool = False) -> str:
    return "; ".join(_grow_by(analysis, name, added, backwards=backwards) for added in update.added)


def _grow_by(analysis: Analysis, name: str, added: cst.BaseExpression, *, backwards: bool) -> str:
    if isinstance(added, (cst.List, cst.Tuple)) and len(added.elements) == 1:
        only = added.elements[0]
        if isinstance(only, cst.Element):
            return f"{name}.append({analysis.function.code(only.value)})"
    if backwards:
        return f"{name}.extend({analysis.function.atom(added)}[::-1])"
    return f"{name}.extend({analysis.function.code(added)})"


def _imported_roots(analysis: Analysis) -> Iterator[str]:
    module = analysis.function.module
    for name in module.bindings:
        yield (module.imported(name) or "").split(".")[0]
