"""The scopes of a Python file: what names are bound to in each, and where each name is used."""

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class How(StrEnum):
    """How a binding came about."""

    DEFINED = "defined"
    """By `def` or `class`."""
    IMPORTED = "imported"
    """By `import a.b`; `target` is the module."""
    FROM = "from"
    """By `from module import name`; `target` is the module with its dots, `name` what was imported."""
    VALUE = "value"
    """By an assignment of `value`."""
    ANNOTATED = "annotated"
    """`value` is the annotation."""
    PARAMETER = "parameter"
    """A parameter; `value` is its annotation, if any."""
    ELEMENT = "element"
    """By iteration over `value`."""
    ENTERED = "entered"
    """By `with value as`."""
    CAUGHT = "caught"
    """By `except value as`."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """One way in which a name gets a value."""

    how: How
    node: ast.AST
    scope: "Scope"
    """Where `value` is to be understood."""
    value: ast.expr | None = None
    target: str = ""
    name: str = ""


@dataclass(slots=True, eq=False)
class Scope:
    """A module, class, function, lambda or comprehension."""

    node: ast.AST
    parent: "Scope | None"
    path: str
    qualname: str
    """Empty for a module."""
    bindings: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    attributes: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    """Of a class: what its methods assign to `self.name`."""
    stars: list[str] = field(default_factory=list)
    """Modules of `from module import *`."""
    outer: set[str] = field(default_factory=set)
    """Names declared global or nonlocal."""

    @property
    def is_class(self) -> bool:
        """Whether names bound here are attributes of a class."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def function(self) -> "Scope | None":
        """The nearest named function around."""
        scope: Scope | None = self
        while scope is not None and not isinstance(scope.node, FunctionNode):
            scope = scope.parent
        return scope

    @property
    def module(self) -> "Scope":
        """The file's own scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A place where an identifier stands."""

    node: ast.AST
    """A Name, an Attribute, an alias of an import, or a string."""
    scope: Scope
    kind: str
    """`call`, `read`, `write`, `import`, `decorator`, `base`, `annotation`, `export` or `string`."""
    line: int


@dataclass(frozen=True, eq=False)
class SourceFile:
    """One Python file, taken apart."""

    path: str
    tree: ast.Module
    scope: Scope
    uses: dict[str, list[Use]]
    definitions: dict[str, list[Scope]]
    """Functions and classes by qualified name, nested ones too (`outer.inner`)."""


@dataclass(frozen=True)
class Broken:
    """A Python file that does not parse."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path} does not parse: line {self.line}: {self.message}"


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """The parameters of a function, in their order."""
    found = [*arguments.posonlyargs, *arguments.args]
    if arguments.vararg:
        found.append(arguments.vararg)
    found += arguments.kwonlyargs
    if arguments.kwarg:
        found.append(arguments.kwarg)
    return found
