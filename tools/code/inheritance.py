"""What a class inherits, and from where."""

import ast
from abc import abstractmethod

from tools.code.marks import last_name
from tools.code.names import Names
from tools.code.scopes import Binding, Scope
from tools.code.tree import CodeTree
from tools.code.values import FOREIGN, UNKNOWN, Class, Instance, Parent, Symbol, Unknown, Values


class Inheritance(Names):
    """Knows the bases of every class of a tree."""

    def __init__(self, tree: CodeTree, *, libraries: bool = False) -> None:
        super().__init__(tree, libraries=libraries)
        self._lines: dict[Symbol, tuple[list[Class], bool]] = {}

    @abstractmethod
    def infer(self, node: ast.expr | None, scope: Scope) -> Values:
        """What an expression may stand for."""

    def class_member(self, receiver: Class | Instance | Parent, name: str) -> tuple[Class, list[Binding]] | None:
        """The class, in the order of inheritance, that has an attribute of this name, and what binds it there."""
        cls = receiver.of if isinstance(receiver, Instance | Parent) else receiver
        line, _ = self.line(cls)
        for one in line[1:] if isinstance(receiver, Parent) else line:
            bindings = [*one.scope.bindings.get(name, ()), *one.scope.attributes.get(name, ())]
            if bindings:
                return one, bindings
        return None

    def is_open(self, receiver: Class | Instance | Parent) -> bool:
        """Whether an object may have attributes that its classes do not show."""
        cls = receiver.of if isinstance(receiver, Instance | Parent) else receiver
        line, whole = self.line(cls)
        return not whole or any("__getattr__" in one.scope.bindings for one in line)

    def line(self, cls: Class) -> tuple[list[Class], bool]:
        """A class and all it inherits from, in the order of lookup; and whether every base could be told."""
        if cls.symbol not in self._lines:
            self._lines[cls.symbol] = ([cls], True)  # a class that inherits from itself ends here
            self._lines[cls.symbol] = self._linearised(cls)
        return self._lines[cls.symbol]

    def bases(self, cls: Class) -> tuple[list[Class], bool]:
        """The classes it names as bases; and whether all could be told."""
        assert isinstance(cls.scope.node, ast.ClassDef)
        found: list[Class] = []
        whole = True
        for node in cls.scope.node.bases:
            values = self._base(node, cls.scope.parent or cls.scope)
            found += [value for value in values if isinstance(value, Class) and value.symbol != cls.symbol]
            whole = whole and not any(isinstance(value, Unknown) for value in values)
        return found, whole

    def _base(self, node: ast.expr, scope: Scope) -> Values:
        if isinstance(node, ast.Subscript):
            node = node.value
        if isinstance(node, ast.Call):
            if last_name(node.func) in ("namedtuple", "NamedTuple", "TypedDict"):
                return FOREIGN
            held = [value for part in node.args for value in self.infer(part, scope) if isinstance(value, Class)]
            return frozenset(held) or UNKNOWN
        return self.infer(node, scope)

    def _linearised(self, cls: Class) -> tuple[list[Class], bool]:
        bases, whole = self.bases(cls)
        lines = [list(self.line(base)[0]) for base in bases]
        whole = whole and all(self.line(base)[1] for base in bases)
        return [cls, *_merged([*lines, list(bases)])], whole


def _merged(lines: list[list[Class]]) -> list[Class]:
    """C3 as Python merges lines of inheritance; where it cannot, the first that comes."""
    order: list[Class] = []
    while lines := [line for line in lines if line]:
        heads = [line[0] for line in lines]
        good = next((head for head in heads if not any(_holds(line[1:], head) for line in lines)), heads[0])
        order.append(good)
        lines = [[one for one in line if one.symbol != good.symbol] for line in lines]
    return order


def _holds(line: list[Class], cls: Class) -> bool:
    return any(one.symbol == cls.symbol for one in line)
