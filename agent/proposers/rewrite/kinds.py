"""What kind of object an expression gives, as far as the function itself proves it."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from agent.proposers.rewrite.kind import (
    CONTAINERS,
    CYCLE,
    IMMUTABLE,
    INT,
    RESULTS,
    SCALARS,
    SEQUENCES,
    Kind,
    annotated,
    item_of,
    join,
    literal,
    text_method,
)
from agent.proposers.rewrite.names import Binding, How, Names
from agent.proposers.rewrite.syntax import called_method, called_name, index_of, name_of, sole_argument, words

_APPENDERS = frozenset({"append", "add"})
_KEEPS_ITEMS = words("pop index count copy sort reverse clear remove discard popleft")


class Kinds:
    """Infers kinds in one function; results are kept."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._of: dict[cst.CSTNode, Kind | None] = {}
        self._of_name: dict[str, Kind | None] = {}

    def of(self, node: cst.CSTNode | None) -> Kind | None:
        """The kind of an expression, None where nothing is known."""
        if node is None:
            return None
        if node in self._of:
            return self._of[node]
        kind = self._infer(node)
        if kind is None or "?" not in (kind.base, kind.item.base if kind.item else ""):
            self._of[node] = kind
        return kind

    def base(self, node: cst.CSTNode | None) -> str:
        """The name of the proven type of an expression, empty where it is not proven."""
        kind = self.of(node)
        return kind.base if kind is not None and kind.sure else ""

    def of_name(self, name: str) -> Kind | None:
        """The kind that all bindings of a name in this function share."""
        if name not in self._of_name:
            self._of_name[name] = CYCLE
            kind = self._infer_name(name)
            self._of_name[name] = None if kind is not None and kind.base == "?" else kind
            if kind is None or kind.base != "?":
                self._of.clear()
        return self._of_name[name]

    def _infer(self, node: cst.CSTNode) -> Kind | None:
        written = literal(node)
        if written is not None:
            return written
        if isinstance(node, cst.Name):
            start = self._fresh_start(node.value)
            return None if start is not None and self.names.function.contains(start, node) else self.of_name(node.value)
        if isinstance(node, cst.ConcatenatedString):
            return self.of(node.left)
        if isinstance(node, (cst.List, cst.Tuple, cst.Set)):
            return Kind(
                base=type(node).__name__.lower(), item=self._items([element.value for element in node.elements])
            )
        if isinstance(node, (cst.ListComp, cst.SetComp)):
            return Kind(base="list" if isinstance(node, cst.ListComp) else "set", item=self.of(node.elt))
        if isinstance(node, (cst.Dict, cst.DictComp)):
            return Kind(base="dict")
        if isinstance(node, cst.GeneratorExp):
            return Kind(base="iterator", item=self.of(node.elt))
        if isinstance(node, cst.Call):
            return self._call(node)
        if isinstance(node, cst.BinaryOperation):
            return self._binary(node)
        if isinstance(node, cst.Subscript):
            return self._subscript(node)
        if isinstance(node, cst.IfExp):
            return join(self.of(node.body), self.of(node.orelse))
        if isinstance(node, cst.BooleanOperation):
            return join(self.of(node.left), self.of(node.right))
        return self.of(node.value) if isinstance(node, cst.NamedExpr) else None

    def _items(self, nodes: list[cst.BaseExpression]) -> Kind | None:
        kind: Kind | None = CYCLE
        for node in nodes:
            kind = join(kind, self.of(node))
        return kind if nodes else CYCLE

    def _call(self, node: cst.Call) -> Kind | None:
        name = called_name(node)
        if name is not None and self.names.is_builtin(name):
            if name in SCALARS:
                return Kind(base=RESULTS.get(name, name))
            if name in CONTAINERS:
                argument = sole_argument(node) if name != "sorted" else node.args[0].value if node.args else None
                return Kind(base=CONTAINERS[name], item=self.item(argument) if node.args else CYCLE)
            return None
        method = called_method(node)
        if method is None:
            return None
        receiver = self.of(method[0])
        if receiver is not None and receiver.base in ("str", "bytes"):
            return text_method(receiver, method[1])
        if receiver is not None and receiver.base in ("list", "dict", "set") and method[1] == "copy":
            return receiver
        return None

    def _binary(self, node: cst.BinaryOperation) -> Kind | None:
        left, right = self.of(node.left), self.of(node.right)
        if isinstance(node.operator, cst.Modulo) and left is not None and left.base in ("str", "bytes"):
            return left
        if isinstance(node.operator, cst.Add):
            return self._sum(left, right)
        if isinstance(node.operator, cst.Multiply):
            for one, other in ((left, right), (right, left)):
                if one is not None and one.base in ("str", "bytes", "list", "tuple"):
                    return one if other is not None and other.base == "int" else replace(one, sure=False)
        bases = {left.base if left else "", right.base if right else ""}
        if bases <= {"int", "?"} and isinstance(
            node.operator, (cst.Subtract, cst.Multiply, cst.FloorDivide, cst.Modulo)
        ):
            return INT
        return None

    def _sum(self, left: Kind | None, right: Kind | None) -> Kind | None:
        both = join(left, right)
        if both is not None:
            return both
        for kind in (left, right):
            if kind is not None and kind.base in ("str", "bytes"):
                return replace(kind, sure=False)
        return None

    def _subscript(self, node: cst.Subscript) -> Kind | None:
        kind = self.of(node.value)
        if kind is None or kind.base not in SEQUENCES | {"?"}:
            return None
        if index_of(node) is None:
            return kind if len(node.slice) == 1 else None
        return item_of(kind) if kind.base in ("str", "bytes", "list", "range") else None

    def item(self, iterable: cst.CSTNode | None) -> Kind | None:
        """The kind of what iterating over an expression gives."""
        if isinstance(iterable, cst.Call) and self.names.calls_builtin(iterable, "reversed") and iterable.args:
            return self.item(iterable.args[0].value)
        kind = self.of(iterable)
        return None if kind is None else item_of(kind)

    def _infer_name(self, name: str) -> Kind | None:
        if not self.names.is_local(name) and name not in self.names.outer:
            return None
        kind: Kind | None = CYCLE
        started = self._fresh_start(name) is not None
        for binding in self.names.bindings.get(name, ()):
            if not (started and binding.kind == "param"):
                kind = join(kind, self._of_binding(binding))
        if kind is None or name in self.names.outer:
            return None
        return self._after_uses(name, kind) if kind.item is not None else kind

    def _fresh_start(self, name: str) -> cst.CSTNode | None:
        """The assignment `xs = list(xs)` at the top of a function whose parameter is not used before that."""
        function = self.names.function
        for binding in self.names.bindings.get(name, ()) if self.names.is_parameter(name) else ():
            line = function.parent(binding.node)
            if binding.kind == "assign" and line is not None and function.parent(line) is function.node.body:
                end = function.span(binding.node)[1]
                before = [use for use in self.names.uses.get(name, ()) if function.span(use.name)[1] <= end]
                outside = [use for use in before if not function.contains(binding.node, use.name)]
                return None if outside or self.names.captured(name) else binding.node
        return None

    def _after_uses(self, name: str, kind: Kind) -> Kind:
        """What a container holds once what its uses put in is counted."""
        if kind.base in IMMUTABLE or kind.base == "iterator":
            return kind
        item = kind.item
        for use in self.names.uses.get(name, ()):
            if use.how is How.METHOD and use.method in _APPENDERS and isinstance(use.above, cst.Call):
                item = join(item, self.of(sole_argument(use.above)))
            elif use.how is How.METHOD and use.method in _KEEPS_ITEMS:
                continue
            elif use.how in (How.METHOD, How.STORE, How.ESCAPE, How.CAPTURED, How.ATTRIBUTE):
                item = None
        return replace(kind, item=item)

    def _of_binding(self, binding: Binding) -> Kind | None:
        if binding.kind in ("assign", "chain", "walrus"):
            return self.of(binding.value)
        if binding.kind == "augment" and isinstance(binding.node, cst.AugAssign):
            return self._augmented(binding.name, binding.node)
        if binding.kind in ("for", "comp"):
            target = binding.node
            return self.item(binding.value) if isinstance(target, cst.Name) else self._unpacked(binding, target)
        if binding.kind == "param" and isinstance(binding.node, cst.Param):
            return annotated(binding.node) or self._default(binding)
        return CYCLE if binding.kind == "del" else None

    def _default(self, binding: Binding) -> Kind | None:
        """What a parameter's default says about it, where the default is not None: believed, not proven."""
        unannotated = isinstance(binding.node, cst.Param) and binding.node.annotation is None
        kind = self.of(binding.value) if unannotated else None
        if kind is None or kind.base not in ("list", "tuple", "str", "bytes"):
            return None
        return Kind(base=kind.base, sure=False)

    def _augmented(self, name: str, node: cst.AugAssign) -> Kind | None:
        value = self.of(node.value)
        own = self.of_name(name)
        if isinstance(node.operator, cst.AddAssign):
            if value is None and own is not None and own.base == "?":
                return replace(own, sure=False)
            return value if value is not None and value.base in ("str", "bytes", "int", "tuple") else own
        return (
            INT
            if value is not None and value.base == "int" and not isinstance(node.operator, cst.DivideAssign)
            else None
        )

    def _unpacked(self, binding: Binding, target: cst.CSTNode) -> Kind | None:
        """`for i, x in enumerate(xs)`."""
        value = binding.value
        if not self.names.calls_builtin(value, "enumerate") or not isinstance(target, cst.Tuple):
            return None
        assert isinstance(value, cst.Call)
        if len(target.elements) == 2 and value.args:
            if name_of(target.elements[0].value) == binding.name:
                return INT
            if name_of(target.elements[1].value) == binding.name:
                return self.item(value.args[0].value)
        return None
