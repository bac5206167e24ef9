"""Loops that build one object piece by piece: `s += piece`, `xs = xs + [x]`, `t = (x,) + t`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.names import Use
from agent.proposers.rewrite.syntax import Loop, assignment, name_of, small_statements


@dataclass(frozen=True, kw_only=True)
class Update:
    """One statement that adds to the object; `added` in the order of evaluation, at the front or at the end."""

    node: cst.Assign | cst.AugAssign
    added: tuple[cst.BaseExpression, ...]
    front: bool


@dataclass(frozen=True, kw_only=True)
class Accumulation:
    """An object that starts at `first` and grows in `loop`, both in one block, and is not otherwise used between."""

    name: str
    start: cst.BaseSmallStatement
    first: cst.BaseExpression
    loop: cst.For | cst.While
    updates: tuple[Update, ...]


def accumulations(analysis: Analysis, allowed: Callable[[Use], bool] = lambda _: False) -> Iterator[Accumulation]:
    """Every accumulation of a local name; `allowed` says which other uses the loop may make of it."""
    names = analysis.names
    for name in names.bindings:
        if not names.is_local(name) or names.is_parameter(name) or names.captured(name):
            continue
        for binding in names.bindings[name]:
            value = assignment(binding.node)
            statement = analysis.function.parent(binding.node)
            if (
                value is not None
                and isinstance(statement, cst.SimpleStatementLine)
                and name not in names.read(value[1])
            ):
                yield from _from(analysis, name, statement, binding.node, value[1], allowed)


def _from(
    analysis: Analysis,
    name: str,
    statement: cst.SimpleStatementLine,
    start: cst.CSTNode,
    first: cst.BaseExpression,
    allowed: Callable[[Use], bool],
) -> Iterator[Accumulation]:
    siblings = list(analysis.function.siblings(statement))
    if statement.body[-1] is not start or not isinstance(start, (cst.Assign, cst.AnnAssign)):
        return
    for loop in siblings[siblings.index(statement) + 1 :] if statement in siblings else ():
        if isinstance(loop, Loop) and (updates := _updates(analysis, name, loop, allowed)):
            if not _seen_when_interrupted(analysis, name, loop):
                yield Accumulation(name=name, start=start, first=first, loop=loop, updates=updates)
            return
        mentions = analysis.names.uses_within(name, loop)
        if analysis.names.bound_within(name, loop) or not all(allowed(use) for use in mentions):
            return


def _updates(
    analysis: Analysis, name: str, loop: cst.For | cst.While, allowed: Callable[[Use], bool]
) -> tuple[Update, ...]:
    """The updates in a loop, nothing where it binds or uses the name in any other way."""
    function, names = analysis.function, analysis.names
    updates = []
    for line in function.inside(loop):
        smalls = small_statements(line) or (line.body if isinstance(line, cst.SimpleStatementSuite) else ())
        updates += [update for small in smalls if (update := _update(analysis, name, small)) is not None]
    nodes = [update.node for update in updates]
    for binding in names.bindings[name]:
        if function.contains(loop, binding.node) and binding.node not in nodes:
            return ()
    for use in names.uses_within(name, loop):
        own = [node for node in nodes if function.contains(node, use.name)]
        if (not own or _is_in_added(analysis, use, updates)) and not allowed(use):
            return ()
    return tuple(updates)


def _is_in_added(analysis: Analysis, use: Use, updates: list[Update]) -> bool:
    return any(analysis.function.contains(added, use.name) for update in updates for added in update.added)


def _update(analysis: Analysis, name: str, node: cst.CSTNode) -> Update | None:
    if isinstance(node, cst.AugAssign):
        adds = isinstance(node.operator, cst.AddAssign) and name_of(node.target) == name
        return Update(node=node, added=(node.value,), front=False) if adds and not _is_bare_tuple(node.value) else None
    pair = assignment(node)
    if pair is None or pair[0] != name or not isinstance(node, cst.Assign):
        return None
    value = pair[1]
    if not isinstance(value, cst.BinaryOperation) or not isinstance(value.operator, cst.Add):
        return None
    if isinstance(value.right, cst.Name) and value.right.value == name:
        return None if name in analysis.names.read(value.left) else Update(node=node, added=(value.left,), front=True)
    added: list[cst.BaseExpression] = []
    left: cst.BaseExpression = value
    while isinstance(left, cst.BinaryOperation) and isinstance(left.operator, cst.Add):
        added.insert(0, left.right)
        left = left.left
    return Update(node=node, added=tuple(added), front=False) if getattr(left, "value", None) == name else None


def _is_bare_tuple(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Tuple) and not node.lpar


def _seen_when_interrupted(analysis: Analysis, name: str, loop: cst.CSTNode) -> bool:
    """Whether code that runs after an exception cut the loop short could see what was built so far."""
    below = loop
    for above in analysis.function.ancestors(loop):
        if isinstance(above, (cst.Try, cst.TryStar)) or (
            isinstance(above, cst.With) and not _only_opens(analysis, above)
        ):
            for use in analysis.names.uses.get(name, ()):
                if not analysis.function.contains(below, use.name):
                    return True
        below = above
    return False


def _only_opens(analysis: Analysis, block: cst.With) -> bool:
    """Whether a `with` only opens files, which never swallow an exception."""
    return all(analysis.names.calls_builtin(item.item, "open") for item in block.items)


def inside_try(analysis: Analysis, node: cst.CSTNode, loop: cst.CSTNode) -> bool:
    """Whether an exception raised by a statement can be caught within the loop."""
    for above in analysis.function.ancestors(node):
        if above is loop:
            return False
        if isinstance(above, (cst.Try, cst.TryStar, cst.With)):
            return True
    return False
