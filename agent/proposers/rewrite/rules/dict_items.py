"""`for k in d` with `d[k]` in it walks over keys and values together."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, name_of
from agent.proposers.rewrite.walking import walk


class DictItemsRule(TreeRule):
    """Walks over a dict's keys and looks each value up by its key."""

    name = "dict-items"
    payoff = 59
    safe_when = (
        "What is walked over is proven to be a dict, or is asked for its `keys()`; the loop neither changes nor "
        "rebinds it or the key. Each `d[k]` of the turn is the value that `items` gives. Refused in lazy generators, "
        "and where the value is assigned to or deleted. Likely, left to the tests: functions called from the loop "
        "leave the dict alone, and an object with `keys` has `items` that agree."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each loop."""
        function = analysis.function
        loops: list[cst.For | cst.CompFor] = [*function.all(cst.For), *function.all(cst.CompFor)]
        for loop in loops:
            found = walk(analysis, loop, _walked(analysis, loop.iter))
            if found is not None:
                value = function.module.fresh("value")
                pieces: list[Piece] = [function.replace(loop.target, f"{found.key}, {value}")]
                pieces.append(function.swap(loop.iter, f"{found.walked}.items()"))
                pieces += [function.replace(node, value) for node in found.looked_up]
                summary = f"walk over the keys and values of `{found.walked}` together"
                yield Finding(summary=summary, node=loop, pieces=pieces)


def _walked(analysis: Analysis, iterable: cst.BaseExpression) -> str | None:
    """The name of the dict whose keys are walked over."""
    method = called_method(iterable)
    if method is not None and isinstance(iterable, cst.Call) and method[1] == "keys" and not iterable.args:
        name = name_of(method[0])
        return name
    name = name_of(iterable)
    kind = analysis.kinds.of_name(name) if name is not None else None
    return name if kind is not None and kind.base == "dict" else None
