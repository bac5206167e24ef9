"""What an expression stands for: by assignments, annotations, calls and inheritance, as far as the text tells."""

import ast
from collections.abc import Callable, Iterable

from tools.code.annotations import Annotations
from tools.code.marks import (
    CLASS_LEVEL,
    PLAIN_RESULT,
    PROPERTIES,
    TRANSPARENT,
    decorators,
)
from tools.code.names import Place
from tools.code.scopes import Binding, FunctionNode, How, Scope, parameters
from tools.code.tree import CodeTree
from tools.code.values import (
    FOREIGN,
    NOTHING,
    UNKNOWN,
    Class,
    Collection,
    Foreign,
    Function,
    Instance,
    Module,
    Parent,
    Symbol,
    Unknown,
    Value,
    Values,
)

DEEPEST = 12


class Inference(Annotations):
    """Infers what expressions of one tree stand for."""

    def __init__(self, tree: CodeTree, *, libraries: bool = False) -> None:
        super().__init__(tree, libraries=libraries)
        self._busy: set[tuple[int, str]] = set()
        self._kept: dict[tuple[int, str], tuple[object, Values]] = {}
        """Results by what they are of, which is held as well so that its id stays its own."""
        self._cuts = 0
        """How often something was left unknown because it leads back to itself or too deep."""

    def infer(self, node: ast.expr | None, scope: Scope) -> Values:
        """What an expression in a scope may stand for; holds Unknown where it may be something else too."""
        if node is None:
            return UNKNOWN
        return self._once((id(node), ""), node, lambda: self._infer(node, scope))

    def attribute(self, receivers: Iterable[Value], name: str) -> tuple[set[Symbol], Values]:
        """What `receiver.name` is as a symbol, and what it stands for."""
        symbols: set[Symbol] = set()
        values: set[Value] = set()
        for receiver in receivers:
            if isinstance(receiver, Module):
                for origin in self.member(receiver.path, name):
                    if isinstance(origin, Place):
                        symbols.add(origin.symbol)
                        values |= self.of_place(origin)
                    else:
                        values.add(origin)
            elif isinstance(receiver, Class | Instance | Parent):
                found = self.class_member(receiver, name)
                if found is None:
                    values |= UNKNOWN if self.is_open(receiver) else FOREIGN
                    continue
                owner, bindings = found
                symbols.add(Symbol(owner.path, f"{owner.qualname}.{name}"))
                for binding in bindings:
                    values |= self._of_member(binding, owner, name, through=receiver)
            elif isinstance(receiver, Unknown):
                values |= UNKNOWN
            else:
                values |= FOREIGN
        return symbols, frozenset(values)

    def of_name(self, scope: Scope, name: str) -> Values:
        """What a name in a scope may stand for."""
        found: set[Value] = set()
        for origin in self.origins(scope, name):
            found |= self.of_place(origin) if isinstance(origin, Place) else {origin}
        return frozenset(found)

    def of_place(self, place: Place) -> Values:
        """What a name stands for where it is bound."""
        return self._once((id(place.scope), place.name), place.scope, lambda: self._bound(place))

    def _bound(self, place: Place) -> Values:
        found: set[Value] = set()
        for binding in place.bindings:
            found |= self._of_binding(binding, place.scope, place.name)
        return frozenset(found)

    def _once(self, key: tuple[int, str], of: object, infer: Callable[[], Values]) -> Values:
        """A result that is kept, unless it was cut short by where the question came from."""
        if key in self._kept:
            return self._kept[key][1]
        if key in self._busy or len(self._busy) > DEEPEST:
            self._cuts += 1
            return UNKNOWN
        before = self._cuts
        self._busy.add(key)
        try:
            found = infer()
        finally:
            self._busy.discard(key)
        if self._cuts == before or not self._busy:
            self._kept[key] = (of, found)
        return found

    # ---- bindings

    def _of_binding(self, binding: Binding, scope: Scope, name: str) -> Values:
        if binding.how is How.DEFINED:
            return frozenset({self._defined(binding.node, scope, name)})
        if binding.how is How.PARAMETER:
            own = self._own_parameter(binding, name)
            if own is not None:
                return frozenset({own})
            return self.annotation(binding.value, scope) if binding.value is not None else UNKNOWN
        if binding.value is None:
            return UNKNOWN
        values = binding.value
        match binding.how:
            case How.VALUE:
                return self.infer(values, binding.scope)
            case How.ANNOTATED:
                return self.annotation(values, binding.scope)
            case How.ELEMENT:
                return self._elements(self.infer(values, binding.scope))
            case How.CAUGHT:
                caught = values.elts if isinstance(values, ast.Tuple) else [values]
                return frozenset().union(*(_made(self.infer(one, binding.scope)) for one in caught))
            case How.ENTERED:
                return self._entered(self.infer(values, binding.scope))
        return UNKNOWN

    def _defined(self, node: ast.AST, scope: Scope, name: str) -> Value:
        qualname = ".".join(part for part in (scope.qualname, name) if part)
        file = self.file(scope.path)
        for inner in file.definitions.get(qualname, ()) if file else ():
            if inner.node is node:
                kind = Class if isinstance(node, ast.ClassDef) else Function
                return kind(scope.path, qualname, inner)
        return Unknown()

    def _of_member(self, binding: Binding, owner: Class, name: str, *, through: Value) -> Values:
        values = NOTHING
        if binding.how in (How.FROM, How.IMPORTED):
            return self.of_name(owner.scope, name)
        values = self._of_binding(binding, owner.scope, name)
        if isinstance(binding.node, FunctionNode) and decorators(binding.node) & PROPERTIES:
            if isinstance(through, Class):
                return values
            return frozenset().union(*(self._returned(one) for one in values if isinstance(one, Function)))
        return values

    def _own_parameter(self, binding: Binding, name: str) -> Value | None:
        """The object (`self`) or class (`cls`) that a method is called on, where the parameter is that."""
        function = binding.scope
        node, around = function.node, function.parent
        if not isinstance(node, FunctionNode) or around is None or not around.is_class:
            return None
        listed = parameters(node.args)
        marks = decorators(node)
        if not listed or listed[0].arg != name or "staticmethod" in marks:
            return None
        cls = Class(around.path, around.qualname, around, exact=False)
        return cls if "classmethod" in marks or node.name in CLASS_LEVEL else Instance(cls)

    # ---- expressions

    def _infer(self, node: ast.expr, scope: Scope) -> Values:
        match node:
            case ast.Name():
                return self.of_name(scope, node.id)
            case ast.Attribute():
                return self.attribute(self.infer(node.value, scope), node.attr)[1]
            case ast.Call():
                return self._called(node, scope)
            case ast.IfExp():
                return self.infer(node.body, scope) | self.infer(node.orelse, scope)
            case ast.BoolOp():
                return frozenset().union(*(self.infer(value, scope) for value in node.values))
            case ast.NamedExpr():
                return self.infer(node.value, scope)
            case ast.Await():
                return self.infer(node.value, scope)
            case ast.List() | ast.Tuple() | ast.Set():
                held = frozenset().union(*(self.infer(element, scope) for element in node.elts))
                return frozenset({Collection(held)})
            case ast.Subscript():
                values = self.infer(node.value, scope)
                return values if any(isinstance(one, Class) for one in values) else self._elements(values)
            case ast.Constant() | ast.JoinedStr() | ast.Compare() | ast.Dict() | ast.Lambda():
                return FOREIGN
            case ast.DictComp() | ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return frozenset({Collection(UNKNOWN)})
        return UNKNOWN

    def _called(self, node: ast.Call, scope: Scope) -> Values:
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return self._super(node, scope)
        found: set[Value] = set()
        for callee in self.infer(node.func, scope):
            if isinstance(callee, Class):
                found.add(Instance(callee, exact=callee.exact))
            elif isinstance(callee, Function):
                found |= self._returned(callee)
            elif isinstance(callee, Foreign) and callee.name == "type" and len(node.args) == 1:
                found |= {one.of for one in self.infer(node.args[0], scope) if isinstance(one, Instance)} or UNKNOWN
            elif isinstance(callee, Foreign) and callee.name in PLAIN_RESULT:
                found.add(Collection(UNKNOWN))
            else:
                found |= UNKNOWN
        return frozenset(found)

    def _super(self, node: ast.Call, scope: Scope) -> Values:
        if node.args:
            named = self.infer(node.args[0], scope)
            return frozenset(Parent(one) for one in named if isinstance(one, Class)) or UNKNOWN
        function = scope.function
        while function is not None and function.parent is not None and not function.parent.is_class:
            function = function.parent.function
        if function is None or function.parent is None:
            return UNKNOWN
        around = function.parent
        return frozenset({Parent(Class(around.path, around.qualname, around))})

    def _returned(self, function: Function) -> Values:
        """What a call gives."""
        node = function.scope.node
        assert isinstance(node, FunctionNode)
        if not decorators(node) <= TRANSPARENT:
            return UNKNOWN
        if node.returns is not None:
            return self.annotation(node.returns, function.scope)
        results: set[Value] = set()
        for part in _own_nodes(node):
            if isinstance(part, ast.Yield | ast.YieldFrom):
                return frozenset({Collection(UNKNOWN)})
            if isinstance(part, ast.Return) and part.value is not None:
                results |= self.infer(part.value, function.scope)
        return frozenset(results) or FOREIGN

    def _elements(self, values: Values) -> Values:
        found: set[Value] = set()
        for value in values:
            found |= value.elements if isinstance(value, Collection) else UNKNOWN
        return frozenset(found)

    def _entered(self, values: Values) -> Values:
        """What `with value as` binds: what `__enter__` returns."""
        found: set[Value] = set()
        for value in values:
            entering = self.class_member(value, "__enter__") if isinstance(value, Instance) else None
            if entering is None:
                found |= UNKNOWN
                continue
            owner, bindings = entering
            for binding in bindings:
                for one in self._of_binding(binding, owner.scope, "__enter__"):
                    given = self._returned(one) if isinstance(one, Function) else UNKNOWN
                    same = any(isinstance(result, Instance) and result.of.symbol == owner.symbol for result in given)
                    found |= {value} if same else given
        return frozenset(found)


def _made(values: Values) -> Values:
    return frozenset(Instance(value) if isinstance(value, Class) else value for value in values)


def _own_nodes(function: FunctionNode) -> list[ast.AST]:
    """The nodes of a function's body without those of functions and classes inside."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, FunctionNode | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
    return found
