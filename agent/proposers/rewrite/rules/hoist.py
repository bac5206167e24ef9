"""Work that gives the same result on every turn of a loop is done once, in front of it."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Statement
from agent.proposers.rewrite.placement import outside_loops
from agent.proposers.rewrite.purity import is_fresh_container, is_only_read, is_pure, is_pure_call, is_total
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import EXITS, called_method, called_name, name_of, positional, words

_CHEAP = words("str int float bool abs ord chr len hash")
_WORTHLESS = words("range")
_NEEDS_ITEMS = words("min max")


class HoistRule(TreeRule):
    """Repeats a pure call whose arguments the loop never changes."""

    name = "hoist"
    payoff = 78
    safe_when = (
        "The call is of a pure builtin or a text method, or a subscript; nothing in the loop rebinds or changes what "
        "it reads, and a new container is only looked into. Where it might raise, it must be reached on every turn "
        "before anything can leave the loop, and it is skipped where what is walked over is proven to be a container "
        "and is empty; `min` and `max` only where the loop is proven to turn or guarded. Likely, left to the tests: "
        "where what is walked over is not proven to be a container, the call does not raise if it is empty (fresh "
        "inputs are empty too); functions called from the loop leave its arguments alone; and a parameter without an "
        "annotation is not an iterator that the first turn uses up."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each repeated expression, covering all its occurrences in the loop."""
        done: list[cst.CSTNode] = []
        for node in analysis.function.inside(analysis.function.node.body):
            if any(analysis.function.contains(outer, node) for outer in done) or not self._fits(analysis, node):
                continue
            total = is_total(analysis, node)
            place = outside_loops(analysis, node, analysis.names.read(node) - _builtins(analysis, node), total=total)
            if place is None:
                continue
            guard = "" if total else self._guard(analysis, node, place[0])
            if guard is None:
                continue
            same = self._same(analysis, node, place[0])
            done += same
            yield self._finding(analysis, node, place[1], same, guard)

    def _fits(self, analysis: Analysis, node: cst.CSTNode) -> bool:
        function = analysis.function
        if (
            not isinstance(node, (cst.Call, cst.Subscript))
            or not function.repeats(node)
            or analysis.names.deferred(node)
        ):
            return False
        if isinstance(node, cst.Subscript):
            return self._is_lookup(analysis, node)
        if not is_pure_call(analysis, node) or not analysis.names.read(node) - _builtins(analysis, node):
            return False
        if called_name(node) in _WORTHLESS:
            return False
        if self._is_in_while_test(analysis, node):
            return self._test_changes_without(analysis, node)
        if called_name(node) in _CHEAP:
            return False
        return not is_fresh_container(node) or is_only_read(analysis, node)

    def _is_lookup(self, analysis: Analysis, node: cst.Subscript) -> bool:
        """Whether a subscript looks up a name's item by a text or a name, in a dict that is proven to be one."""
        if analysis.names.is_store_target(node) or not is_pure(analysis, node):
            return False
        kind = analysis.kinds.of(node.value)
        return isinstance(node.value, cst.Name) and kind is not None and kind.base == "dict"

    def _is_in_while_test(self, analysis: Analysis, node: cst.CSTNode) -> bool:
        loop = analysis.function.repeats(node)[0]
        return isinstance(loop, cst.While) and analysis.function.contains(loop.test, node)

    def _test_changes_without(self, analysis: Analysis, node: cst.CSTNode) -> bool:
        """Whether a loop's test reads something else that the loop binds: else it is this that ends the loop."""
        loop = analysis.function.repeats(node)[0]
        assert isinstance(loop, cst.While)
        others = analysis.names.read(loop.test) - analysis.names.read(node)
        return any(analysis.names.bound_within(name, loop.body) for name in others)

    def _guard(self, analysis: Analysis, node: cst.CSTNode, region: cst.CSTNode) -> str | None:
        """What must be true for the expression to be evaluated at all; None where it cannot be said."""
        effects, function = analysis.effects, analysis.function
        if effects.conditional(node, region) or self._can_leave_before(analysis, node, region):
            return None
        if isinstance(region, cst.While) and function.contains(region.test, node):
            return ""
        iterable = region.iter if isinstance(region, cst.For) else _first_iterable(region)
        if isinstance(iterable, cst.Name) and analysis.kinds.base(iterable) in ("list", "tuple", "str", "dict", "set"):
            return iterable.value
        if called_name(node) in _NEEDS_ITEMS or isinstance(node, cst.Subscript):
            return None
        likely = not any(effects.guards(name) for name in analysis.names.read(node))
        return "" if likely else None

    def _can_leave_before(self, analysis: Analysis, node: cst.CSTNode, region: cst.CSTNode) -> bool:
        """Whether an earlier statement of the same turn can end it."""
        for above in [node, *analysis.function.ancestors(node)]:
            if above is region:
                return False
            for earlier in analysis.function.earlier(above):
                if any(isinstance(part, EXITS) for part in analysis.function.inside(earlier)):
                    return True
        return False

    def _same(self, analysis: Analysis, node: cst.CSTNode, region: cst.CSTNode) -> list[cst.CSTNode]:
        text = analysis.function.code(node)
        return [
            other
            for other in analysis.function.inside(region)
            if type(other) is type(node)
            and analysis.function.code(other) == text
            and analysis.function.repeats(other)
            and region in analysis.function.repeats(other)
            and (other is node or not is_fresh_container(other) or is_only_read(analysis, other))
            and not (isinstance(other, cst.Subscript) and analysis.names.is_store_target(other))
        ]

    def _finding(
        self, analysis: Analysis, node: cst.CSTNode, statement: Statement, same: list[cst.CSTNode], guard: str
    ) -> Finding:
        function = analysis.function
        fresh = function.module.fresh(short_name(node))
        text = function.code(node)
        value = f"{text} if {guard} else None" if guard else text
        pieces = [function.before(statement, f"{fresh} = {value}"), *(function.swap(other, fresh) for other in same)]
        shown = " ".join(text.split())
        return Finding(summary=f"evaluate `{shown}` once, in front of the loop", node=node, pieces=pieces)


def short_name(node: cst.CSTNode) -> str:
    """A telling name for the result of a call or subscript."""
    method = called_method(node)
    if method is not None:
        receiver = short_name(method[0]) if isinstance(method[0], (cst.Call, cst.Subscript)) else name_of(method[0])
        return f"{receiver or 'text'}_{method[1]}"
    if isinstance(node, cst.Subscript):
        return f"{name_of(node.value) or 'looked'}_item"
    name = called_name(node) or "value"
    arguments = positional(node) if isinstance(node, cst.Call) else None
    first = name_of(arguments[0]) if arguments else None
    return f"{first}_{name}" if first else f"{name}_value"


def _builtins(analysis: Analysis, node: cst.CSTNode) -> set[str]:
    return {name for name in analysis.names.read(node) if analysis.names.is_builtin(name)}


def _first_iterable(region: cst.CSTNode) -> cst.BaseExpression | None:
    if isinstance(region, (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)):
        return region.for_in.iter
    return None
