"""A search of one sequence for each item of another becomes a look-up in an index made once."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.kind import hashable
from agent.proposers.rewrite.placement import outside_loops
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import index_of, name_of, stored_names

_Sides = tuple[cst.BaseExpression, cst.BaseExpression]
_SEARCHED_KINDS = ("list", "tuple")


class JoinIndexRule(TreeRule):
    """Compares every item of one sequence with every item of another."""

    name = "join-index"
    payoff = 100
    safe_when = (
        "An inner loop walks a list or tuple that the outer loop leaves alone, and all it does is under one "
        "`if` whose first condition is `key(item) == value`, with a key of attributes and constant subscripts. "
        "The index keeps the items of each key in their order and the `if` stays, so that the same items come "
        "in the same order and NaN still equals nothing. Refused where the item is used after the loop, where "
        "either side is assigned in the loop, and for `else`. Likely, left to the tests: keys are hashable, "
        "reading them neither changes anything nor raises, and a parameter of unknown type that is walked "
        "through on every turn is no iterator."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each inner loop or comprehension."""
        for node in analysis.function.all(cst.For):
            if node.orelse is None and node.asynchronous is None:
                yield from self._in(analysis, node, node.target, node.iter, _only_condition(node))
        for comp in analysis.function.all(cst.CompFor):
            if comp.asynchronous is None:
                condition = comp.ifs[0].test if comp.ifs else _asked(analysis, comp)
                yield from self._in(analysis, comp, comp.target, comp.iter, condition)

    def _in(
        self,
        analysis: Analysis,
        loop: cst.For | cst.CompFor,
        target: cst.BaseExpression,
        iterable: cst.BaseExpression,
        condition: cst.BaseExpression | None,
    ) -> Iterator[Finding]:
        items = [name.value for name in stored_names(target)]
        if not isinstance(iterable, cst.Name) or condition is None or not _is_plain(target, items):
            return
        pair = self._key_and_value(analysis, condition, items)
        if pair is None or not self._fits(analysis, loop, iterable.value, items, pair):
            return
        place = outside_loops(analysis, iterable, [iterable.value], total=False)
        if place is None or place[0] is loop or analysis.names.deferred(iterable):
            return
        key, value = pair
        module, name = analysis.function.module, iterable.value
        index = module.fresh(f"{name}_by_{_label(key)}")
        shown = analysis.function.code(target)
        shown_item = shown if isinstance(target, cst.Name) or shown.startswith("(") else f"({shown})"
        lines = [
            f"{index} = {{}}",
            f"for {shown} in {name}:",
            f"    {index}.setdefault({analysis.function.code(key)}, []).append({shown_item})",
        ]
        pieces: list[Piece] = [
            analysis.function.before(place[1], *lines),
            analysis.function.swap(iterable, f"{index}.get({analysis.function.code(value)}, ())"),
        ]
        summary = f"look up the matching items of `{name}` in an index made once instead of trying every pair"
        yield Finding(summary=summary, node=iterable, pieces=pieces)

    def _key_and_value(self, analysis: Analysis, condition: cst.BaseExpression, items: list[str]) -> _Sides | None:
        """The two sides of the first condition: what depends on the item alone, and what does not."""
        while isinstance(condition, cst.BooleanOperation) and isinstance(condition.operator, cst.And):
            condition = condition.left
        if not isinstance(condition, cst.Comparison) or len(condition.comparisons) != 1:
            return None
        target = condition.comparisons[0]
        if not isinstance(target.operator, cst.Equal):
            return None
        for key, value in ((condition.left, target.comparator), (target.comparator, condition.left)):
            of_item = analysis.names.read(key)
            if of_item and of_item <= set(items) and not analysis.names.read(value) & set(items):
                return (key, value) if _is_path(key) and _is_path(value) else None
        return None

    def _fits(self, analysis: Analysis, loop: cst.For | cst.CompFor, name: str, items: list[str], pair: _Sides) -> bool:
        if not self._can_be_walked_again(analysis, loop, name):
            return False
        if hashable(analysis.kinds.of(pair[0])) is False or name in items:
            return False
        region = analysis.function.comprehension(loop) if isinstance(loop, cst.CompFor) else loop
        if region is None or any(self._is_used_elsewhere(analysis, item, loop) for item in items):
            return False
        read = {*items, *analysis.names.read(pair[1])}
        if isinstance(loop, cst.For) and any(analysis.names.bound_within(name, loop.body) for name in read):
            return False
        return not any(self._changes(analysis, region, side) for side in pair)

    def _can_be_walked_again(self, analysis: Analysis, loop: cst.For | cst.CompFor, name: str) -> bool:
        """Whether a name is a list or tuple, or must be something like it, for it is walked through on every turn."""
        kind = analysis.kinds.of_name(name)
        if kind is not None:
            return kind.base in _SEARCHED_KINDS and (kind.sure or not analysis.effects.guards(name))
        leaves = (cst.Break, cst.Return, cst.Raise, cst.Yield)
        stops = isinstance(loop, cst.For) and any(isinstance(node, leaves) for node in analysis.function.inside(loop))
        asked = isinstance(loop, cst.CompFor) and _asked(analysis, loop) is not None
        return analysis.names.is_parameter(name) and not stops and not asked and not analysis.effects.guards(name)

    def _is_used_elsewhere(self, analysis: Analysis, item: str, loop: cst.For | cst.CompFor) -> bool:
        """Whether an item's name means anything outside the loop that binds it."""
        function, names = analysis.function, analysis.names
        bindings, uses = names.bindings[item], names.uses.get(item, ())
        if isinstance(loop, cst.CompFor):
            around = [function.comprehension(binding.node) for binding in bindings if binding.kind == "comp"]
            return len(around) != len(bindings) or not all(
                any(comp is not None and function.contains(comp, use.name) for comp in around) for use in uses
            )
        if names.captured(item) or item in names.outer:
            return True
        others = [binding.node for binding in bindings if binding.kind == "for" and binding.node is not loop.target]
        if any(self._serves(analysis, node, loop.target) for node in others):
            return True
        return not all(
            function.contains(loop, use.name) or any(self._serves(analysis, node, use.name) for node in others)
            for use in uses
        )

    def _serves(self, analysis: Analysis, target: cst.CSTNode, name: cst.CSTNode) -> bool:
        """Whether a use stands in the body of another loop that binds the name."""
        other = analysis.function.parent(target)
        return isinstance(other, cst.For) and analysis.function.contains(other.body, name)

    def _changes(self, analysis: Analysis, region: cst.CSTNode, side: cst.BaseExpression) -> bool:
        """Whether the loop assigns anything that one side of the comparison is read from."""
        attributes = {node.attr.value for node in analysis.function.all(cst.Attribute, side)}
        for node in analysis.function.all(cst.Attribute, region):
            if node.attr.value in attributes and analysis.names.is_store_target(node):
                return True
        if not analysis.function.all(cst.Subscript, side):
            return False
        uses = [use for name in analysis.names.read(side) for use in analysis.names.uses_within(name, region)]
        return any(analysis.effects.mutates(use) for use in uses)


def _only_condition(loop: cst.For) -> cst.BaseExpression | None:
    """The condition of the `if` that is all of a loop's body and has no `else`."""
    body = loop.body.body if isinstance(loop.body, cst.IndentedBlock) else ()
    only = body[0] if len(body) == 1 else None
    return only.test if isinstance(only, cst.If) and only.orelse is None else None


def _asked(analysis: Analysis, comp: cst.CompFor) -> cst.BaseExpression | None:
    """The comparison of `any(comparison for item in items)`."""
    generator = analysis.function.parent(comp)
    if not isinstance(generator, cst.GeneratorExp) or comp.ifs or comp.inner_for_in is not None:
        return None
    argument = analysis.function.parent(generator)
    call = analysis.function.parent(argument) if argument is not None else None
    return generator.elt if analysis.names.calls_builtin(call, "any") else None


def _is_plain(target: cst.BaseExpression, items: list[str]) -> bool:
    if isinstance(target, cst.Name):
        return True
    return (
        isinstance(target, cst.Tuple)
        and all(isinstance(e.value, cst.Name) for e in target.elements)
        and (len(set(items)) == len(target.elements) and all(isinstance(e, cst.Element) for e in target.elements))
    )


def _is_path(node: cst.BaseExpression) -> bool:
    """Whether an expression is a name with attributes and constant subscripts, or a constant."""
    if isinstance(node, cst.Attribute):
        return _is_path(node.value)
    if isinstance(node, cst.Subscript):
        return isinstance(index_of(node), (cst.SimpleString, cst.Integer, cst.Name)) and _is_path(node.value)
    return isinstance(node, (cst.Name, cst.SimpleString, cst.Integer))


def _label(key: cst.BaseExpression) -> str:
    if isinstance(key, cst.Attribute):
        return key.attr.value
    if isinstance(key, cst.Subscript):
        index = index_of(key)
        text = index.raw_value if isinstance(index, cst.SimpleString) else ""
        return text if text.isidentifier() else "key"
    return name_of(key) or "key"
