"""`for i in range(len(xs))` with `xs[i]` in it walks over the items themselves."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import name_of, sole_argument
from agent.proposers.rewrite.walking import Walk, walk

_SEQUENCES = ("list", "tuple", "str", "bytes")


class IndexLoopRule(TreeRule):
    """Walks over the indices of a sequence and looks each item up by its index."""

    name = "index-loop"
    payoff = 60
    safe_when = (
        "The loop is over `range(len(xs))`, binds one name, and neither it nor anything in the loop changes or "
        "rebinds `xs` or the index. Each `xs[i]` of the turn is the item that walking gives. The index is kept by "
        "`enumerate` where anything else asks for it. Refused for dicts, in lazy generators, and where the item is "
        "assigned to or deleted. Likely, left to the tests: a parameter of unknown type that is indexed by 0 to its "
        "length gives its items in that order, and functions called from the loop leave it alone."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each loop."""
        function = analysis.function
        loops: list[cst.For | cst.CompFor] = [*function.all(cst.For), *function.all(cst.CompFor)]
        for loop in loops:
            found = walk(analysis, loop, self._walked(analysis, loop.iter))
            if found is not None and analysis.names.is_builtin("enumerate"):
                item = function.module.fresh(self._item(analysis, found.walked))
                target, iterable = item, found.walked
                if self._is_asked_for(analysis, found):
                    target, iterable = f"{found.key}, {item}", f"enumerate({found.walked})"
                pieces: list[Piece] = [function.replace(loop.target, target), function.swap(loop.iter, iterable)]
                pieces += [function.replace(node, item) for node in found.looked_up]
                summary = f"walk over the items of `{found.walked}` instead of looking each one up by its index"
                yield Finding(summary=summary, node=loop, pieces=pieces)

    def _item(self, analysis: Analysis, walked: str) -> str:
        """A name for one of several: `rows` gives `row`."""
        kind = analysis.kinds.of_name(walked)
        return "char" if kind is not None and kind.base == "str" else _singular(walked)

    def _is_asked_for(self, analysis: Analysis, found: Walk) -> bool:
        """Whether anything but the look-ups reads the index."""
        function = analysis.function
        return any(
            not any(function.contains(node, use.name) for node in found.looked_up)
            for use in analysis.names.uses.get(found.key, ())
        )

    def _walked(self, analysis: Analysis, iterable: cst.BaseExpression) -> str | None:
        """The name of the sequence whose indices are walked over."""
        if not analysis.names.calls_builtin(iterable, "range") or not isinstance(iterable, cst.Call):
            return None
        measured = sole_argument(iterable)
        if not analysis.names.calls_builtin(measured, "len") or not isinstance(measured, cst.Call):
            return None
        name = name_of(sole_argument(measured))
        kind = analysis.kinds.of_name(name) if name is not None and analysis.names.is_local(name) else None
        if name is None or not analysis.names.is_local(name):
            return None
        return name if kind is None or kind.base in _SEQUENCES else None


def _singular(name: str) -> str:
    plural = len(name) > 3 and name.endswith("s") and not name.endswith("ss")
    return name[:-1] if plural else f"{name}_item"
