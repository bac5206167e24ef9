"""What binds each name in a function, and what every use of a name does with the object behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import libcst as cst

from agent.proposers.rewrite.function import Function
from agent.proposers.rewrite.syntax import called_method, called_name, index_of, name_of, stored_names, words


class How(StrEnum):
    """What a use of a name does with the object."""

    METHOD = "method"
    ATTRIBUTE = "attribute"
    ITEM = "item"
    SLICE = "slice"
    CONTAINS = "contains"
    ITERATE = "iterate"
    TRUTH = "truth"
    READ = "read"
    STORE = "store"
    RETURN = "return"
    CAPTURED = "captured"
    ESCAPE = "escape"


@dataclass(frozen=True, kw_only=True)
class Use:
    """One place that reads a name; `above` is the method call, subscript, comparison or call around it."""

    how: How
    name: cst.Name
    above: cst.CSTNode
    method: str = ""


@dataclass(frozen=True, kw_only=True)
class Binding:
    """One place that binds a name.

    `kind` is one of assign, chain (`a = b = value`), unpack, augment, for, comp, with, except, import, def, param,
    walrus, del, global.
    `value` is what is assigned, iterated over or the parameter's default, where there is one.
    """

    name: str
    kind: str
    node: cst.CSTNode
    value: cst.BaseExpression | None = None


_READERS = words(
    "len sorted min max sum any all set frozenset list tuple dict str repr bool isinstance print type hash format ascii"
)
_CHOOSERS = words("min max")
"""They give back one of several arguments, the very object."""
_LAZY = words("enumerate zip reversed iter map filter")
_EAGER = words("sum any all min max sorted next list set tuple dict frozenset bytes bytearray")
_EAGER_METHODS = words("join extend update fromkeys union")


def is_looked_at(call: cst.Call, argument: cst.Arg) -> bool:
    """Whether a builtin that takes one container looks at this argument, and neither keeps it nor gives it back.

    Others it may: `dict(key=xs)` holds it, `max(xs, ys)` is one of them, and `sum([], xs)` is where it begins.
    """
    name = called_name(call)
    if argument.keyword is not None:
        return False
    if name == "print":
        return True
    alone = all(arg.keyword is not None for arg in call.args[1:])
    return call.args[0] is argument and (alone or name not in _CHOOSERS)


class Names:
    """The names of one function; build it once per function."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.bindings: dict[str, list[Binding]] = {}
        self.stores: set[cst.Name] = set()
        self.uses: dict[str, list[Use]] = {}
        self.outer: set[str] = set()
        """Names declared `global` or `nonlocal`."""
        for node in function.inside(function.node):
            for binding in self._bound_by(node):
                self.bindings.setdefault(binding.name, []).append(binding)
        for node in function.inside(function.node):
            if isinstance(node, cst.Name) and (node not in self.stores or self._is_augmented(node)):
                self.uses.setdefault(node.value, []).append(self._use(node))

    def is_local(self, name: str) -> bool:
        """Whether the function itself binds the name, as a parameter or otherwise."""
        return name in self.bindings and name not in self.outer

    def is_parameter(self, name: str) -> bool:
        """Whether the name is (also) a parameter."""
        return any(binding.kind == "param" for binding in self.bindings.get(name, ()))

    def is_builtin(self, name: str) -> bool:
        """Whether a name means the builtin of that name here."""
        if name in self.bindings or not self.function.module.is_builtin(name):
            return False
        return name not in self.function.bound_around

    def calls_builtin(self, node: cst.CSTNode | None, *names: str) -> bool:
        """Whether a node is a call of one of these builtins."""
        name = called_name(node)
        return name is not None and name in names and self.is_builtin(name)

    def bound_within(self, name: str, region: cst.CSTNode) -> bool:
        """Whether anything inside a region binds the name."""
        return any(self.function.contains(region, binding.node) for binding in self.bindings.get(name, ()))

    def uses_within(self, name: str, region: cst.CSTNode) -> list[Use]:
        """The uses of a name inside a region."""
        return [use for use in self.uses.get(name, ()) if self.function.contains(region, use.name)]

    def read(self, expression: cst.CSTNode) -> set[str]:
        """Every name that occurs in an expression."""
        return {node.value for node in self.function.all(cst.Name, expression)}

    def captured(self, name: str) -> bool:
        """Whether a nested function, lambda, class or lazy generator uses or binds the name."""
        if any(use.how is How.CAPTURED for use in self.uses.get(name, ())):
            return True
        return any(self.deferred(binding.node) for binding in self.bindings.get(name, ()) if binding.kind != "param")

    def deferred(self, node: cst.CSTNode) -> bool:
        """Whether a node runs at another time than the statement it stands in: nested functions, lazy generators."""
        return any(self._is_deferred(above) for above in self.function.ancestors(node))

    def _is_deferred(self, above: cst.CSTNode) -> bool:
        if above is self.function.node:
            return False
        if isinstance(above, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
            return True
        return self.is_lazy(above)

    def is_lazy(self, node: cst.CSTNode) -> bool:
        """Whether a node is a generator that is not walked where it stands."""
        return isinstance(node, cst.GeneratorExp) and not self._is_eager(node)

    def _is_eager(self, generator: cst.GeneratorExp) -> bool:
        argument = self.function.parent(generator)
        call = self.function.parent(argument) if isinstance(argument, cst.Arg) else None
        if not isinstance(call, cst.Call) or not isinstance(argument, cst.Arg) or not is_looked_at(call, argument):
            return False
        method = called_method(call)
        return called_name(call) in _EAGER or (method is not None and method[1] in _EAGER_METHODS)

    def _is_augmented(self, name: cst.Name) -> bool:
        above = self.function.parent(name)
        return isinstance(above, cst.AugAssign) and above.target is name

    def _bound_by(self, node: cst.CSTNode) -> Iterator[Binding]:  # noqa: PLR0912 - one branch per kind of binding
        if isinstance(node, cst.Assign):
            kind = "assign" if len(node.targets) == 1 else "chain"
            for target in node.targets:
                yield from self._stored(target.target, kind, node, node.value)
        elif isinstance(node, cst.AnnAssign):
            yield from self._stored(node.target, "assign", node, node.value)
        elif isinstance(node, cst.AugAssign):
            yield from self._stored(node.target, "augment", node, node.value)
        elif isinstance(node, cst.NamedExpr):
            yield from self._stored(node.target, "walrus", node, node.value)
        elif isinstance(node, cst.For):
            yield from self._stored(node.target, "for", node.target, node.iter)
        elif isinstance(node, cst.CompFor):
            yield from self._stored(node.target, "comp", node.target, node.iter)
        elif isinstance(node, cst.AsName):
            yield from self._stored(node.name, "with", node, None)
        elif isinstance(node, cst.Del):
            yield from self._stored(node.target, "del", node, None)
        elif isinstance(node, cst.Param):
            yield Binding(name=node.name.value, kind="param", node=node, value=node.default)
        elif isinstance(node, (cst.FunctionDef, cst.ClassDef)) and node is not self.function.node:
            yield Binding(name=node.name.value, kind="def", node=node)
        elif isinstance(node, (cst.Import, cst.ImportFrom)) and not isinstance(node.names, cst.ImportStar):
            for alias in node.names:
                shown: cst.BaseExpression = alias.asname.name if alias.asname else alias.name
                while isinstance(shown, cst.Attribute):
                    shown = shown.value
                yield Binding(name=name_of(shown) or "", kind="import", node=node)
        elif isinstance(node, (cst.Global, cst.Nonlocal)):
            for item in node.names:
                self.outer.add(item.name.value)
                yield Binding(name=item.name.value, kind="global", node=node)

    def _stored(
        self, target: cst.CSTNode, kind: str, node: cst.CSTNode, value: cst.BaseExpression | None
    ) -> Iterator[Binding]:
        simple = isinstance(target, cst.Name)
        for name in stored_names(target):
            self.stores.add(name)
            whole = simple or kind not in ("assign", "chain")
            yield Binding(name=name.value, kind=kind if whole else "unpack", node=node, value=value if whole else None)

    def _use(self, name: cst.Name) -> Use:
        if self.deferred(name):
            return Use(how=How.CAPTURED, name=name, above=name)
        above = self.function.parent(name)
        assert above is not None
        if isinstance(above, cst.Attribute):
            call = self.function.parent(above)
            if isinstance(call, cst.Call) and call.func is above:
                return Use(how=How.METHOD, name=name, above=call, method=above.attr.value)
            return Use(how=How.ATTRIBUTE, name=name, above=above)
        if isinstance(above, cst.Subscript) and above.value is name:
            if self.is_store_target(above):
                return Use(how=How.STORE, name=name, above=above)
            return Use(how=How.ITEM if index_of(above) is not None else How.SLICE, name=name, above=above)
        return Use(how=self._plain_use(name, above), name=name, above=above)

    def is_store_target(self, node: cst.CSTNode) -> bool:
        """Whether a subscript or attribute is assigned to, augmented or deleted."""
        above = self.function.parent(node)
        if isinstance(above, cst.AssignTarget | cst.Del):
            return True
        if isinstance(above, (cst.AugAssign, cst.AnnAssign, cst.For, cst.CompFor)):
            return above.target is node
        if isinstance(above, cst.Element) and above.value is node:
            outer = self.function.parent(above)
            return outer is not None and self.is_store_target(outer)
        return isinstance(above, cst.AsName)

    def _plain_use(self, name: cst.CSTNode, above: cst.CSTNode) -> How:
        if isinstance(above, (cst.For, cst.CompFor)):
            return How.ITERATE
        if isinstance(above, cst.ComparisonTarget):
            return How.CONTAINS if isinstance(above.operator, (cst.In, cst.NotIn)) else How.READ
        if isinstance(above, (cst.Comparison, cst.FormattedStringExpression, cst.StarredElement)):
            return How.READ
        if isinstance(above, (cst.BinaryOperation, cst.Index, cst.Slice)):
            return How.READ
        if isinstance(above, cst.Arg):
            return self._argument_use(above)
        if isinstance(above, (cst.If, cst.While, cst.IfExp)):
            return How.TRUTH if above.test is name else How.ESCAPE
        if isinstance(above, cst.UnaryOperation):
            return How.TRUTH if isinstance(above.operator, cst.Not) else How.READ
        if isinstance(above, (cst.CompIf, cst.Assert)):
            return How.TRUTH
        if isinstance(above, cst.BooleanOperation):
            outer = self.function.parent(above)
            inner = How.ESCAPE if outer is None else self._plain_use(above, outer)
            return How.TRUTH if inner is How.TRUTH else How.ESCAPE
        if isinstance(above, cst.Return):
            return How.RETURN
        return How.ESCAPE

    def _argument_use(self, argument: cst.Arg) -> How:
        call = self.function.parent(argument)
        name = called_name(call)
        if argument.star == "*":
            return How.READ
        if name in _READERS and self.is_builtin(name) and isinstance(call, cst.Call):
            return How.READ if is_looked_at(call, argument) else How.ESCAPE
        if name in _LAZY and self.is_builtin(name) and isinstance(call, cst.Call):
            outer = self.function.parent(call)
            directly = isinstance(outer, (cst.For, cst.CompFor)) or self._is_read_argument(outer)
            return How.ITERATE if directly else How.ESCAPE
        method = called_method(call)
        if (
            method is not None
            and method[1] == "join"
            and isinstance(method[0], (cst.SimpleString, cst.ConcatenatedString))
        ):
            return How.READ
        return How.ESCAPE

    def _is_read_argument(self, node: cst.CSTNode | None) -> bool:
        return isinstance(node, cst.Arg) and self._argument_use(node) in (How.READ, How.ITERATE)
