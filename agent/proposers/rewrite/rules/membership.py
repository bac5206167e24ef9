"""`x in a_list` on every turn of a loop becomes `x in a_set`."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Statement
from agent.proposers.rewrite.kind import Kind, hashable
from agent.proposers.rewrite.names import How
from agent.proposers.rewrite.placement import outside_loops
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import membership

_LIST_METHODS = frozenset({"append", "extend", "insert", "reverse", "sort"})
_SMALLEST_LITERAL = 4


class MembershipRule(TreeRule):
    """Searches a list or tuple on every turn of a loop."""

    name = "membership"
    payoff = 95
    safe_when = (
        "The container is a list or tuple (proven by every assignment to it, or annotated so and never tested for "
        "None or truth) that the loop neither changes nor rebinds, under its own name or another. Refused where the "
        "elements or the value looked for are known to be unhashable. Proven: elements are texts, numbers or tuples "
        "of these. Likely, left to the tests: elements of unknown type, which might be unhashable or equal in a way "
        "their hash does not show."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each container, covering all of its look-ups in one outermost loop."""
        places: dict[tuple[str, int], tuple[cst.CSTNode, Statement, list[cst.Name]]] = {}
        for comparison in analysis.function.all(cst.Comparison):
            pair = membership(comparison)
            if pair is None:
                continue
            element, container = pair
            if isinstance(container, cst.Name) and self._fits(analysis, element, container):
                total = hashable(_item(analysis, container.value)) is True and analysis.kinds.base(container) != ""
                place = outside_loops(analysis, comparison, [container.value], total=total)
                if place is not None:
                    key = (container.value, id(place[1]))
                    places.setdefault(key, (comparison, place[1], []))[2].append(container)
        for (name, _), (node, statement, uses) in places.items():
            fresh = analysis.function.module.fresh(f"{name}_set")
            before = analysis.function.before(statement, f"{fresh} = set({name})")
            pieces = [before, *(analysis.function.replace(use, fresh) for use in uses)]
            summary = f"look things up in a set made once instead of searching the list `{name}` on every turn"
            yield Finding(summary=summary + _proof(_item(analysis, name)), node=node, pieces=pieces)

    def _fits(self, analysis: Analysis, element: cst.BaseExpression, container: cst.Name) -> bool:
        kind = analysis.kinds.of_name(container.value)
        names = analysis.names
        if not names.is_builtin("set") or not names.is_local(container.value):
            return False
        if kind is None and any(
            use.how is How.METHOD and use.method in _LIST_METHODS for use in names.uses[container.value]
        ):
            kind = Kind(base="list", sure=False)
        if kind is None or kind.base not in ("list", "tuple") or self._is_short(analysis, container.value):
            return False
        if not kind.sure and analysis.effects.guards(container.value):
            return False
        if hashable(kind.item) is False or hashable(analysis.kinds.of(element)) is False:
            return False
        return not (isinstance(element, (cst.List, cst.Dict, cst.Set)))

    def _is_short(self, analysis: Analysis, name: str) -> bool:
        """Whether the container is written out and holds too little for a set to pay."""
        if analysis.names.is_parameter(name):
            return False
        values = [binding.value for binding in analysis.names.bindings[name]]
        grows = any(analysis.effects.mutates(use) for use in analysis.names.uses.get(name, ()))
        return not grows and all(
            isinstance(value, (cst.List, cst.Tuple)) and len(value.elements) < _SMALLEST_LITERAL for value in values
        )


def _item(analysis: Analysis, name: str) -> Kind | None:
    kind = analysis.kinds.of_name(name)
    return None if kind is None else kind.item


def _proof(item: Kind | None) -> str:
    return "" if hashable(item) else " (elements taken to be hashable)"
