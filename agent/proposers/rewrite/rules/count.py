"""`xs.count(x)` on every turn of a loop becomes one `Counter`."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Statement
from agent.proposers.rewrite.kind import hashable
from agent.proposers.rewrite.placement import outside_loops
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, sole_argument


class CountRule(TreeRule):
    """Counts one item of a list by walking through all of it, on every turn."""

    name = "count"
    payoff = 93
    safe_when = (
        "The receiver is a list or tuple (proven, or annotated so), not a text, whose `count` looks for parts; the "
        "loop neither changes nor rebinds it. Refused where its items or the value are known to be unhashable. "
        "Likely, left to the tests: items of unknown type are hashable, with a hash that agrees with their equality."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each list and outermost loop, covering all of its calls there."""
        places: dict[tuple[str, int], tuple[Statement, list[cst.Call]]] = {}
        for call in analysis.function.all(cst.Call):
            name = self._counted(analysis, call)
            if name is None:
                continue
            kind = analysis.kinds.of_name(name)
            total = kind is not None and kind.sure and hashable(kind.item) is True
            place = outside_loops(analysis, call, [name], total=total)
            if place is not None:
                places.setdefault((name, id(place[1])), (place[1], []))[1].append(call)
        for (name, _), (statement, calls) in places.items():
            counter, pieces = analysis.function.module.bring("collections", "Counter")
            fresh = analysis.function.module.fresh(f"{name}_counts")
            pieces.append(analysis.function.before(statement, f"{fresh} = {counter}({name})"))
            for call in calls:
                pieces.append(analysis.function.swap(call, f"{fresh}[{analysis.function.code(call.args[0].value)}]"))
            summary = f"count everything in `{name}` once instead of walking through it on every turn"
            yield Finding(summary=summary, node=calls[0], pieces=pieces)

    def _counted(self, analysis: Analysis, call: cst.Call) -> str | None:
        """The list or tuple that a call counts in, None where it does not fit."""
        method, value = called_method(call), sole_argument(call)
        if method is None or method[1] != "count" or value is None or not isinstance(method[0], cst.Name):
            return None
        name = method[0].value
        kind = analysis.kinds.of_name(name)
        if kind is None or kind.base not in ("list", "tuple") or (not kind.sure and analysis.effects.guards(name)):
            return None
        if False in (hashable(kind.item), hashable(analysis.kinds.of(value))) or analysis.names.deferred(call):
            return None
        return name
