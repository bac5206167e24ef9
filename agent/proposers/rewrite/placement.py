"""Where work that does not change from turn to turn can be done once: in front of the outermost loop that allows it."""

from collections.abc import Collection, Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.effects import Change
from agent.proposers.rewrite.function import Statement
from agent.proposers.rewrite.syntax import Comprehension, called_method, called_name, children, name_of, words

_KEEP_ITEMS = words("list tuple set frozenset enumerate zip reversed range")
"""Builtins that hand the items on without a look at what they hold."""
_LEAVE_ITEMS = words("len bool id type isinstance callable")
_ASSIGNMENTS = (cst.Assign, cst.AnnAssign, cst.AugAssign, cst.NamedExpr)


def outside_loops(
    analysis: Analysis, node: cst.CSTNode, needed: Collection[str], *, total: bool
) -> tuple[cst.CSTNode, Statement] | None:
    """The outermost loop or comprehension that repeats `node` while the `needed` names stay as they are.

    A generator that is not walked where it stands runs at another time, so nothing is moved out of it. Also gives the
    statement in front of which the work can be done. Unless the work is `total` (it can never raise), no condition may
    stand between that statement and the loop. None where there is no such place.
    """
    function, best, inner = analysis.function, None, node
    for region in function.repeats(node):
        if _changes(analysis, node, needed, region) or analysis.names.is_lazy(region):
            break
        if best is not None and not total and analysis.effects.conditional(inner, region):
            break
        statement = function.statement(region)
        if statement is None or not all(_bound_at(analysis, name, statement) for name in needed):
            break
        inner = statement
        if isinstance(region, Comprehension):
            if isinstance(statement, cst.While):
                continue
            if analysis.effects.conditional(region, statement) and not total:
                break
            if _is_under_elif(analysis, region, statement):
                break
            earlier = _evaluated_before(analysis, region, statement)
            if any(_changes(analysis, node, needed, part) for part in earlier):
                break
        best = (region, statement)
    return best


def _changes(analysis: Analysis, node: cst.CSTNode, needed: Collection[str], region: cst.CSTNode) -> bool:
    """Whether a region changes an object that `node` reads, or what it holds where `node` depends on that."""
    for name in needed:
        change = analysis.effects.change(name, region)
        if change is Change.LIKELY or (change is Change.INSIDE and _asks_items(analysis, node, name)):
            return True
    return False


def _asks_items(analysis: Analysis, node: cst.CSTNode, name: str) -> bool:
    """Whether an expression depends on what the items of a name hold, as `max(rows)` and `len(rows[0])` do."""
    uses = analysis.names.uses_within(name, node)
    return any(_asks_items_of(analysis, node, use.name) for use in uses)


def _asks_items_of(analysis: Analysis, node: cst.CSTNode, part: cst.CSTNode) -> bool:
    while part is not node:
        above = analysis.function.parent(part)
        if above is None or isinstance(above, (cst.Attribute, cst.ComparisonTarget, cst.Index)):
            return False
        if isinstance(above, cst.Subscript) and above is not node:
            return True
        if isinstance(above, cst.Arg):
            name = called_name(analysis.function.parent(above))
            if name not in _KEEP_ITEMS:
                return name is not None and name not in _LEAVE_ITEMS
        part = above
    return False


def _evaluated_before(analysis: Analysis, comprehension: cst.CSTNode, statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The parts of a statement that are evaluated before a comprehension in it, or between two runs of it."""
    below = comprehension
    for above in analysis.function.ancestors(comprehension):
        if isinstance(above, Comprehension):
            yield above
        elif isinstance(above, _ASSIGNMENTS) and below is above.value:
            target = above.target if isinstance(above, cst.AugAssign) else None
            yield from target.slice if isinstance(target, cst.Subscript) else ()
        else:
            parts = list(children(above))
            yield from (part for part in parts[: parts.index(below)] if not _is_method_of_name(above, part))
        if above is statement:
            return
        below = above


def _is_method_of_name(call: cst.CSTNode, part: cst.CSTNode) -> bool:
    """Whether a part is `xs.extend` of `xs.extend(...)`, which does nothing before the arguments are there."""
    method = called_method(call)
    return method is not None and name_of(method[0]) is not None and getattr(part, "value", None) is method[0]


def _is_under_elif(analysis: Analysis, node: cst.CSTNode, statement: cst.CSTNode) -> bool:
    """Whether a node stands in a later branch than the one that `statement` is tested for first."""
    for above in [node, *analysis.function.ancestors(node)]:
        if above is statement:
            return False
        if isinstance(analysis.function.parent(above), cst.If) and isinstance(above, cst.If):
            return True
    return False


def _bound_at(analysis: Analysis, name: str, statement: Statement) -> bool:
    """Whether a name has surely been bound when a statement begins."""
    names, function = analysis.names, analysis.function
    if not names.is_local(name) or names.is_parameter(name):
        return not names.bound_within(name, statement)
    nodes = {binding.node for binding in names.bindings[name]}
    if any(binding.kind == "comp" for binding in names.bindings[name]):
        return False
    around: cst.CSTNode | None = statement
    while around is not None:
        for earlier in function.earlier(around):
            smalls = earlier.body if isinstance(earlier, cst.SimpleStatementLine) else (earlier,)
            if any(small in nodes for small in smalls):
                return True
        above = function.parent(around)
        if isinstance(above, cst.For) and above.target in nodes and around is above.body:
            return True
        if isinstance(above, cst.With) and any(item.asname in nodes for item in above.items):
            return True
        around = above
    return False
