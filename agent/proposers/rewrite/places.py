"""Where the object behind a name can be found: what was assigned from what, taken out of what and put into what.

A place is a name and the steps from its object to another: `rows` and `[r]` for `rows[r]`, `self` and `.rows` for
`self.rows`. The order of statements is not looked at: what holds anywhere in the function is taken to hold everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from agent.proposers.rewrite.names import Names
from agent.proposers.rewrite.syntax import called_method, called_name, index_of, integer, name_of, slice_of, words


@dataclass(frozen=True)
class Step:
    """From an object to its attribute or item; `key` is empty where any item may be meant."""

    kind: str
    key: str = ""
    offset: int = 0


Place = tuple[str | Step, ...]
"""The root's name, then the steps."""
Source = tuple[tuple[Step, ...], Place]
"""Steps into a value, and the place that the object found there comes from."""

_ANY = Step("item")
_SAME_ITEMS = words("list tuple set frozenset sorted reversed iter dict")
_SAME_ITEMS_METHODS = words("copy values")
_TAKES = words("get setdefault")
_PUTS = words("append add appendleft insert setdefault")
_LONGEST, _MOST = 5, 80
"""Parts of a place, and places of one object, that are followed; what lies further is not seen."""


class Places:
    """The places of the objects of one function."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._moves: dict[str | Step, list[tuple[Place, Place]]] = {}
        """By root: what is at the first place came from the second."""
        self._found: dict[Place, list[Place]] = {}
        self._held: dict[str, list[Place]] = {}
        for node in names.function.inside(names.function.node):
            self._follow(node)

    def of(self, node: cst.BaseExpression) -> list[Place]:
        """Every place that the object an expression gives can be at."""
        starts = [place for steps, place in self._sources(node) if not steps]
        return [place for start in starts for place in self._origins(start)]

    def may_be(self, node: cst.BaseExpression, name: str) -> bool:
        """Whether an expression may give the object behind a name."""
        own = self._origins((name,))
        return any(_meet(one, other) for one in self.of(node) for other in own)

    def may_be_within(self, node: cst.BaseExpression, name: str) -> bool:
        """Whether an expression may give something that the object behind a name holds."""
        own, held = self._origins((name,)), self._held_by(name)
        return any(
            any(_is_beneath(place, above) for above in own)
            or any(_meet(place, item) or _is_beneath(place, item) for item in held)
            for place in self.of(node)
        )

    def _origins(self, start: Place) -> list[Place]:
        """A place and all that its object may have come from."""
        if start not in self._found:
            found = [start]
            for place in found:  # grows while it is walked over
                for to, origin in self._moves.get(place[0], ()):
                    other = origin + place[len(to) :]
                    fits = len(other) <= _LONGEST and len(found) < _MOST
                    if fits and _meet(to, place[: len(to)]) and other not in found:
                        found.append(other)
            self._found[start] = found
        return self._found[start]

    def _held_by(self, name: str) -> list[Place]:
        """The places that what a name holds came from, however deep in it."""
        if name not in self._held:
            found = list(self._origins((name,)))
            own = len(found)
            for place in found:  # grows while it is walked over
                for to, origin in self._moves.get(place[0], ()):
                    if _is_beneath(to, place) and len(found) < _MOST:
                        found += [other for other in self._origins(origin) if other not in found]
            self._held[name] = found[own:]
        return self._held[name]

    def _follow(self, node: cst.CSTNode) -> None:
        if isinstance(node, cst.Assign):
            for target in node.targets:
                self._assign(target.target, self._sources(node.value))
        elif isinstance(node, (cst.AnnAssign, cst.NamedExpr)) and node.value is not None:
            self._assign(node.target, self._sources(node.value))
        elif isinstance(node, cst.AugAssign):
            self._assign(node.target, _copied(self._sources(node.value)))
        elif isinstance(node, (cst.For, cst.CompFor)):
            self._assign(node.target, _items(self._sources(node.iter)))
        elif isinstance(node, cst.Call):
            method = called_method(node)
            if method is not None and method[1] in _PUTS and node.args:
                self._put(method[0], _ANY, self._sources(node.args[-1].value))
            elif method is not None and method[1] == "extend" and len(node.args) == 1:
                self._assign(method[0], _copied(self._sources(node.args[0].value)))

    def _assign(self, target: cst.BaseExpression, sources: Iterable[Source]) -> None:
        if isinstance(target, (cst.Tuple, cst.List)):
            starred = any(isinstance(element, cst.StarredElement) for element in target.elements)
            for at, element in enumerate(target.elements):
                given = _items(sources, _ANY if starred else _number(at))
                self._assign(element.value, given if isinstance(element, cst.Element) else _copied(sources))
            return
        place = _place(target)
        if place is not None:
            self._move(place, sources)

    def _put(self, into: cst.BaseExpression, step: Step, sources: Iterable[Source]) -> None:
        for steps, place in self._sources(into):
            if not steps:
                self._move((*place, step), sources)

    def _move(self, to: Place, sources: Iterable[Source]) -> None:
        moves = self._moves.setdefault(to[0], [])
        moves += [(to + steps, origin) for steps, origin in sources if to + steps != origin]

    def _sources(self, node: cst.BaseExpression) -> list[Source]:
        """Where an expression's object, or what is in it, comes from; nothing for what is new or unknown."""
        place = _place(node)
        if place is not None:
            return [((), place)]
        if isinstance(node, cst.IfExp):
            return self._sources(node.body) + self._sources(node.orelse)
        if isinstance(node, cst.BooleanOperation):
            return self._sources(node.left) + self._sources(node.right)
        if isinstance(node, cst.NamedExpr):
            return self._sources(node.value)
        if isinstance(node, cst.Subscript) and slice_of(node) is not None:
            return _copied(self._sources(node.value))
        if isinstance(node, (cst.ListComp, cst.SetComp, cst.GeneratorExp)):
            same = isinstance(node.elt, cst.Name) and node.elt.value == name_of(node.for_in.target)
            return _copied(self._sources(node.for_in.iter)) if same else []
        if isinstance(node, cst.Call):
            return self._given(node)
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
            return _copied(self._sources(node.left) + self._sources(node.right))
        return [((step, *steps), origin) for step, part in _parts(node) for steps, origin in self._sources(part)]

    def _given(self, call: cst.Call) -> list[Source]:
        """Where what a call gives comes from, for the builtins and methods that hand their items on."""
        arguments = [self._sources(argument.value) for argument in call.args if argument.keyword is None]
        name, method = called_name(call), called_method(call)
        if method is not None:
            within = self._sources(method[0])
            if method[1] in _TAKES and call.args:
                return _items(within, _step(call.args[0].value)) + [source for more in arguments[1:] for source in more]
            if method[1] == "items":
                return _beneath(_items(within), _ANY, _number(1))
            return _copied(within) if method[1] in _SAME_ITEMS_METHODS else []
        if name is None or not arguments or not self.names.is_builtin(name):
            return []
        if name == "enumerate":
            return _beneath(_items(arguments[0]), _ANY, _number(1))
        if name == "zip":
            return [s for at, given in enumerate(arguments) for s in _beneath(_items(given), _ANY, _number(at))]
        return _copied(arguments[0]) if name in _SAME_ITEMS else []


def _place(node: cst.CSTNode) -> Place | None:
    """The place that a name, attribute or subscript shows; None for anything else, and for slices."""
    if isinstance(node, cst.Name):
        return (node.value,)
    if isinstance(node, cst.Attribute):
        above = _place(node.value)
        return None if above is None else (*above, Step("attribute", node.attr.value))
    if isinstance(node, cst.Subscript) and slice_of(node) is None:
        above, index = _place(node.value), index_of(node)
        return None if above is None else (*above, _ANY if index is None else _step(index))
    return None


def _parts(node: cst.BaseExpression) -> Iterator[tuple[Step, cst.BaseExpression]]:
    """The expressions that a list, tuple, set or dict is written out with."""
    if isinstance(node, (cst.List, cst.Tuple)):
        starred = any(isinstance(element, cst.StarredElement) for element in node.elements)
        for at, element in enumerate(node.elements):
            if isinstance(element, cst.Element):
                yield (_ANY if starred else _number(at)), element.value
    elif isinstance(node, cst.Set):
        yield from ((_ANY, element.value) for element in node.elements if isinstance(element, cst.Element))
    elif isinstance(node, cst.Dict):
        yield from ((_step(item.key), item.value) for item in node.elements if isinstance(item, cst.DictElement))


def _number(at: int) -> Step:
    return Step("item", "#", at)


def _step(index: cst.BaseExpression) -> Step:
    """The step of an index: a number, a text, or a name with a number added or taken off."""
    number = integer(index)
    if number is not None:
        return _ANY if number < 0 else _number(number)
    if isinstance(index, cst.SimpleString):
        return Step("item", f"={index.evaluated_value!r}")
    if isinstance(index, cst.BinaryOperation) and isinstance(index.operator, (cst.Add, cst.Subtract)):
        base, number = name_of(index.left), integer(index.right)
        if base is not None and number is not None:
            return Step("item", base, number if isinstance(index.operator, cst.Add) else -number)
    return Step("item", name_of(index) or "")


def _items(sources: Iterable[Source], step: Step = _ANY) -> list[Source]:
    """Where the items of a value come from."""
    found: list[Source] = []
    for steps, origin in sources:
        if not steps:
            found.append(((), (*origin, step)))
        elif _agree(steps[0], step):
            found.append((steps[1:], origin))
    return found


def _copied(sources: Iterable[Source]) -> list[Source]:
    """Where what is in a new container comes from, that has the items of another."""
    return _beneath(_items(sources), _ANY)


def _beneath(sources: Iterable[Source], *above: Step) -> list[Source]:
    return [((*above, *steps), origin) for steps, origin in sources]


def _agree(one: str | Step, other: str | Step) -> bool:
    """Whether two steps may lead to the same object."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if one.kind != other.kind:
        return False
    if not one.key or not other.key:
        return True
    if one.key == other.key:
        return one.offset == other.offset
    known = one.key[0] in "#=" and other.key[0] in "#="
    return not known and one.kind != "attribute"


def _meet(one: Place, other: Place) -> bool:
    """Whether two places may be the same."""
    return len(one) == len(other) and all(_agree(a, b) for a, b in zip(one, other, strict=True))


def _is_beneath(place: Place, above: Place) -> bool:
    """Whether a place lies within what is at another."""
    return len(place) > len(above) and _meet(place[: len(above)], above)
