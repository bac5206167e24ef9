"""What an expression may stand for, as far as the text tells."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tools.code.scopes import Scope


class Symbol(NamedTuple):
    """Something that has a name of its own in one place: a function, class, method, variable or attribute."""

    path: str
    qualname: str

    def __str__(self) -> str:
        return f"{self.path}:{self.qualname}"


@dataclass(frozen=True)
class Module:
    """A module, by its file."""

    path: str


@dataclass(frozen=True)
class Class:
    """A class itself."""

    path: str
    qualname: str
    scope: Scope = field(compare=False, repr=False)
    exact: bool = True
    """False where it may be a subclass as well (`cls`)."""

    @property
    def symbol(self) -> Symbol:
        """Where it is defined."""
        return Symbol(self.path, self.qualname)


@dataclass(frozen=True)
class Instance:
    """An object of a class."""

    of: Class
    exact: bool = False
    """Whether it cannot be of a subclass: it was made right there."""


@dataclass(frozen=True)
class Parent:
    """What `super()` gives inside a class."""

    of: Class


@dataclass(frozen=True)
class Function:
    """A function or method."""

    path: str
    qualname: str
    scope: Scope = field(compare=False, repr=False)

    @property
    def symbol(self) -> Symbol:
        """Where it is defined."""
        return Symbol(self.path, self.qualname)


@dataclass(frozen=True)
class Collection:
    """Something that can be iterated over, with what its elements may be."""

    elements: frozenset["Value"]


@dataclass(frozen=True)
class Foreign:
    """Something known to be none of what is looked at: a number, a text, a library's module."""

    name: str = ""


@dataclass(frozen=True)
class Unknown:
    """The text does not tell."""


Value = Module | Class | Instance | Parent | Function | Collection | Foreign | Unknown
Values = frozenset[Value]
UNKNOWN: Values = frozenset({Unknown()})
FOREIGN: Values = frozenset({Foreign()})
NOTHING: Values = frozenset()
