"""What may change while a piece of code runs, and which expressions can be moved or shared."""

from __future__ import annotations

from enum import IntEnum
from functools import cached_property

import libcst as cst

from agent.proposers.rewrite.kind import IMMUTABLE
from agent.proposers.rewrite.kinds import Kinds
from agent.proposers.rewrite.names import How, Names, Use
from agent.proposers.rewrite.places import Places
from agent.proposers.rewrite.syntax import Loop, called_method, called_name, name_of, words


class Change(IntEnum):
    """Whether an object may change while a region runs."""

    NEVER = 0
    """Proven: nothing in the region can reach it but to read."""
    ELSEWHERE = 1
    """Nothing in the region changes it by its name; code called from there might."""
    INSIDE = 2
    """The region changes something that the object holds: what asks its items what they are may see it."""
    LIKELY = 3
    """The region changes it, rebinds it, or may through another name."""


READ_METHODS = words(
    "count index copy get keys values items isdisjoint issubset issuperset union intersection difference "
    "symmetric_difference startswith endswith find rfind rindex split rsplit splitlines strip lstrip rstrip lower "
    "upper casefold title capitalize replace encode decode join format partition rpartition isdigit isalpha isalnum "
    "isspace isupper islower isidentifier isnumeric isdecimal zfill ljust rjust center removeprefix removesuffix "
    "translate expandtabs swapcase most_common elements"
)
GROWERS = words("append extend insert add update appendleft extendleft setdefault")
_MUTATORS = GROWERS | words(
    "pop popleft popitem remove discard clear sort reverse rotate difference_update intersection_update "
    "symmetric_difference_update __setitem__ __delitem__"
)
_CHANGERS = words("heappush heappop heapify heapreplace heappushpop insort insort_left insort_right shuffle")
"""Well-known functions that change their first argument."""
PURE_BUILTINS = words(
    "len sorted min max sum any all set frozenset list tuple dict str repr bool int float abs round ord chr range "
    "isinstance issubclass type zip enumerate reversed divmod pow bytes hash id callable print map filter"
)
_HARMLESS = (How.METHOD, How.ITEM, How.SLICE, How.CONTAINS, How.ITERATE, How.TRUTH, How.READ, How.STORE)
_NUMBERS = ("int", "float", "bool")
_TURNING = (cst.For, cst.While, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
_FRESH_CALLS = ("list", "dict", "set", "sorted", "tuple")
_FRESH = (cst.List, cst.ListComp, cst.Dict, cst.DictComp, cst.Set, cst.SetComp, cst.Tuple)


class Effects:
    """Answers questions about effects in one function."""

    def __init__(self, names: Names, kinds: Kinds) -> None:
        self.names = names
        self.kinds = kinds
        self.function = names.function

    @cached_property
    def places(self) -> Places:
        """Where the function's objects can be found."""
        return Places(self.names)

    def change(self, name: str, region: cst.CSTNode) -> Change:
        """Whether the object behind a name may change, or the name be bound anew, while a region runs."""
        if self.names.bound_within(name, region) or name in self.names.outer:
            return Change.LIKELY
        kind = self.kinds.of_name(name)
        if kind is not None and kind.base in IMMUTABLE:
            known = Change.NEVER if kind.sure else Change.ELSEWHERE
            inside = self._in_sight(name, region) if kind.base == "tuple" else Change.NEVER
            return max(known, min(inside, Change.INSIDE))
        if any(self.mutates(use) for use in self.names.uses_within(name, region)):
            return Change.LIKELY
        in_sight = self._in_sight(name, region)
        if self.owned(name, region):
            return min(in_sight, Change.INSIDE)
        if self.names.captured(name) and self._captured_mutably(name):
            return Change.LIKELY
        return max(in_sight, self._out_of_sight(name, region))

    def mutates(self, use: Use) -> bool:
        """Whether a use changes the object in place."""
        if use.how is How.STORE:
            return True
        if use.how is How.METHOD:
            return use.method not in READ_METHODS
        return (
            isinstance(self.function.parent(use.name), cst.AugAssign) and use.how is How.ESCAPE and self._is_target(use)
        )

    def _is_target(self, use: Use) -> bool:
        above = self.function.parent(use.name)
        return isinstance(above, cst.AugAssign) and above.target is use.name

    def owned(self, name: str, region: cst.CSTNode) -> bool:
        """Whether no other code can hold the object behind a local name while a region runs."""
        bindings = self.names.bindings.get(name, [])
        if name in self.names.outer or self.names.captured(name):
            return False
        if not all(binding.kind in ("assign", "augment") and self._is_fresh(binding.value) for binding in bindings):
            return False
        if not bindings or any(binding.kind == "augment" for binding in bindings[:1]):
            return False
        end = self.function.span(region)[1]
        for use in self.names.uses.get(name, ()):
            harmless = use.how in _HARMLESS or use.how is How.RETURN or self._is_target(use)
            if not harmless and (self.function.span(use.name)[0] < end or self._comes_again(name, use, region)):
                return False
        return True

    def _comes_again(self, name: str, use: Use, region: cst.CSTNode) -> bool:
        """Whether a loop around both runs the region again behind a use, with the same object."""
        for loop in self.function.ancestors(region):
            if isinstance(loop, Loop) and self.function.contains(loop, use.name):
                return not any(
                    earlier is binding.node or self.function.parent(binding.node) is earlier
                    for earlier in self.function.earlier(region)
                    for binding in self.names.bindings[name]
                    if binding.kind == "assign"
                )
        return False

    def _is_fresh(self, value: cst.BaseExpression | None) -> bool:
        if isinstance(value, _FRESH) or self.names.calls_builtin(value, *_FRESH_CALLS):
            return True
        if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, (cst.Add, cst.Multiply)):
            return self.kinds.base(value) in ("list", "tuple")
        method = called_method(value)
        return (
            method is not None and method[1] in ("split", "rsplit", "splitlines") and self.kinds.of(value) is not None
        )

    def _captured_mutably(self, name: str) -> bool:
        for use in self.names.uses.get(name, ()):
            if use.how is How.CAPTURED:
                above = self.function.parent(use.name)
                if not isinstance(above, (cst.ComparisonTarget, cst.Arg)):
                    return True
        return any(
            binding.kind != "param" and self.names.deferred(binding.node)
            for binding in self.names.bindings.get(name, ())
        )

    def _in_sight(self, name: str, region: cst.CSTNode) -> Change:
        """How the region changes the object in place by another name, through a subscript or in what it holds."""
        worst = Change.NEVER
        for node, changed in self._changed_in_place:
            if self.function.contains(region, node):
                if self.places.may_be(changed, name):
                    return Change.LIKELY
                if self.places.may_be_within(changed, name):
                    worst = Change.INSIDE
        return worst

    @cached_property
    def _changed_in_place(self) -> list[tuple[cst.CSTNode, cst.BaseExpression]]:
        """Every node that changes an object in place, and the expression that gives this object, if others hold it."""
        found: list[tuple[cst.CSTNode, cst.BaseExpression]] = []
        for node in self.function.inside(self.function.node.body):
            method = called_method(node)
            if method is not None and method[1] in _MUTATORS:
                found.append((node, method[0]))
            elif isinstance(node, (cst.Subscript, cst.Attribute)) and self.names.is_store_target(node):
                found.append((node, node.value))
            if isinstance(node, cst.AugAssign) and not self._adds_a_number(node):
                found.append((node, node.target))
            if isinstance(node, cst.Call) and node.args and (method[1] if method else called_name(node)) in _CHANGERS:
                found.append((node, node.args[0].value))
        return [(node, changed) for node, changed in found if not self.owned(name_of(changed) or "", node)]

    def _adds_a_number(self, node: cst.AugAssign) -> bool:
        """Whether `+=` binds anew instead of changing: its target cannot be changed, or an item is a mere count."""
        counts = isinstance(node.target, (cst.Subscript, cst.Attribute)) and self.kinds.base(node.value) in _NUMBERS
        return counts or self.kinds.base(node.target) in IMMUTABLE

    def _out_of_sight(self, name: str, region: cst.CSTNode) -> Change:
        worst = Change.NEVER
        for node in self.function.inside(region):
            if self._is_foreign_change(node, name):
                if isinstance(node, (cst.Yield, cst.Await)) or self._is_view(name):
                    return Change.LIKELY
                worst = Change.ELSEWHERE
        return worst

    def _is_view(self, name: str) -> bool:
        """Whether a name is short for an attribute, which its object may change, or shares its object with another."""
        bindings = self.names.bindings.get(name, ())
        return any(binding.kind == "chain" or isinstance(binding.value, cst.Attribute) for binding in bindings)

    def _is_foreign_change(self, node: cst.CSTNode, name: str) -> bool:
        """Whether a node runs code we do not know, or changes an object in place that is not our own."""
        if isinstance(node, (cst.Await, cst.Yield)):
            return True
        if isinstance(node, cst.Call):
            called = called_name(node)
            if called is not None and called in PURE_BUILTINS and self.names.is_builtin(called):
                return False
            method = called_method(node)
            if method is not None and method[1] in READ_METHODS:
                return False
            receiver = name_of(method[0]) if method is not None else None
            return not (receiver is not None and receiver != name and self.owned(receiver, node))
        if isinstance(node, (cst.Subscript, cst.Attribute)):
            return self.names.is_store_target(node) and not self._is_own_item(node, name)
        return (
            isinstance(node, cst.AugAssign)
            and not isinstance(node.target, (cst.Subscript, cst.Attribute))
            and (self.kinds.base(node.target) not in IMMUTABLE and not self.owned(name_of(node.target) or "", node))
        )

    def _is_own_item(self, node: cst.CSTNode, name: str) -> bool:
        base = node.value if isinstance(node, cst.Subscript) else None
        own = name_of(base)
        return own is not None and own != name and self.owned(own, node)

    def conditional(self, node: cst.CSTNode, region: cst.CSTNode) -> bool:
        """Whether a region can run without evaluating a node in it: an `if`, `and`, `or`, `try`, inner loop between."""
        below = node
        for above in self.function.ancestors(node):
            if above is region and isinstance(region, _TURNING):
                return _is_filtered(region, below)
            if _is_conditional_part(above, below):
                return True
            if above is region:
                return False
            below = above
        return True

    def guards(self, name: str) -> bool:
        """Whether the function asks if a name is None, true, or of some type: then it is not always what it seems."""
        for use in self.names.uses.get(name, ()):
            if use.how is How.TRUTH:
                return True
            above = self.function.parent(use.name)
            if isinstance(above, cst.Comparison) and any(
                isinstance(t.operator, (cst.Is, cst.IsNot)) for t in above.comparisons
            ):
                return True
            if isinstance(above, cst.Arg) and called_name(self.function.parent(above)) in (
                "isinstance",
                "hasattr",
                "callable",
            ):
                return True
        return any(name_of(binding.value) == "None" for binding in self.names.bindings.get(name, ()))


def _is_filtered(region: cst.CSTNode, part: cst.CSTNode) -> bool:
    """Whether a part of a loop or comprehension is skipped on some turns."""
    if isinstance(region, cst.BaseComp):
        return part is not region.for_in and bool(region.for_in.ifs or region.for_in.inner_for_in)
    return isinstance(region, (cst.For, cst.While)) and part is region.orelse


def _is_conditional_part(above: cst.CSTNode, below: cst.CSTNode) -> bool:
    if isinstance(above, (cst.If, cst.IfExp)):
        return below is not above.test
    if isinstance(above, cst.BooleanOperation):
        return below is above.right
    if isinstance(above, cst.Comparison):
        return len(above.comparisons) > 1 and below is not above.left
    if isinstance(above, cst.For):
        return below is not above.iter
    if isinstance(above, cst.While):
        return below is not above.test
    if isinstance(above, (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)):
        return below is not above.for_in
    if isinstance(above, cst.CompFor):
        return below is not above.iter and (not above.ifs or below is not above.ifs[0])
    return isinstance(
        above, (cst.Try, cst.TryStar, cst.ExceptHandler, cst.Else, cst.Finally, cst.Lambda, cst.FunctionDef, cst.Assert)
    )
