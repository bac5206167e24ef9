"""What an annotation says of an object."""

import ast

from tools.code.inheritance import Inheritance
from tools.code.marks import HOLDERS, PLAIN_RESULT, TYPE_HOLDERS, WRAPPERS, last_name
from tools.code.parsing import string_annotation
from tools.code.scopes import Scope
from tools.code.values import FOREIGN, NOTHING, UNKNOWN, Class, Collection, Foreign, Instance, Value, Values


class Annotations(Inheritance):
    """Reads annotations of a tree."""

    def annotation(self, node: ast.expr, scope: Scope) -> Values:
        """What an object with this annotation may be."""
        match node:
            case ast.Constant(value=str()):
                inner = string_annotation(node)
                return UNKNOWN if inner is None else self.annotation(inner, scope)
            case ast.Constant():
                return FOREIGN
            case ast.BinOp(op=ast.BitOr()):
                return self.annotation(node.left, scope) | self.annotation(node.right, scope)
            case ast.Name(id="Self"):
                around: Scope | None = scope
                while around is not None and not around.is_class:
                    around = around.parent
                if around is not None:
                    return frozenset({Instance(Class(around.path, around.qualname, around))})
            case ast.Subscript():
                return self._subscripted(node, scope)
        found: set[Value] = set()
        for value in self.infer(node, scope):
            found |= {Instance(value)} if isinstance(value, Class) else {value}
        # `Any`, `object` and protocols of a library may be anything.
        loose = any(isinstance(value, Foreign) and value.name not in PLAIN_RESULT for value in found)
        return frozenset(found) | (UNKNOWN if loose else NOTHING)

    def _subscripted(self, node: ast.Subscript, scope: Scope) -> Values:
        outer = last_name(node.value)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if outer in WRAPPERS:
            chosen = parts[:1] if outer == "Annotated" else parts
            return frozenset().union(*(self.annotation(part, scope) for part in chosen))
        if outer in HOLDERS:
            return frozenset({Collection(frozenset().union(*(self.annotation(part, scope) for part in parts)))})
        if outer in TYPE_HOLDERS:
            given = self.annotation(parts[0], scope)
            return frozenset(one.of for one in given if isinstance(one, Instance)) or UNKNOWN
        return self.annotation(node.value, scope)
