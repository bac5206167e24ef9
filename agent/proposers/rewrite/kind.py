"""Kinds of objects: builtin types with what they hold, as literals, annotations and text methods give them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import libcst as cst

from agent.proposers.rewrite.syntax import name_of, words


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A builtin type by name, the kind of what it holds, and whether this is proven or only annotated so."""

    base: str
    item: Kind | None = None
    sure: bool = True


STR = Kind(base="str")
INT = Kind(base="int")
CYCLE = Kind(base="?")
_HASHABLE = frozenset({"str", "bytes", "int", "float", "bool", "none", "frozenset", "range"})
_UNHASHABLE = frozenset({"list", "dict", "set", "bytearray"})
SEQUENCES = frozenset({"list", "tuple", "str", "bytes", "range"})
IMMUTABLE = _HASHABLE | {"tuple"}
SCALARS = words("str int float bool bytes bytearray dict range repr chr hex bin oct ascii len ord hash id")
RESULTS = {"repr": "str", "chr": "str", "hex": "str", "bin": "str", "oct": "str", "ascii": "str"} | {
    "len": "int", "ord": "int", "hash": "int", "id": "int"
}  # fmt: skip
CONTAINERS = {"sorted": "list", "list": "list", "tuple": "tuple", "set": "set", "frozenset": "frozenset"}
_TEXT_TO_TEXT = words(
    "capitalize casefold center expandtabs format join ljust lower lstrip removeprefix removesuffix replace rjust "
    "rstrip strip swapcase title translate upper zfill"
)
_TEXT_TO_LIST = frozenset({"split", "rsplit", "splitlines"})
_TEXT_TO_BOOL = words("startswith endswith isdigit isalpha isalnum isspace isupper islower isidentifier")
_ANNOTATIONS = words("str int float bool bytes list dict set tuple frozenset")
_TEXT_TO_INT = frozenset({"find", "rfind", "index", "rindex", "count"})


def hashable(kind: Kind | None) -> bool | None:
    """Whether objects of this kind can be hashed; None where that is not known."""
    if kind is None:
        return None
    if kind.base == "tuple":
        return hashable(kind.item)
    return True if kind.base in _HASHABLE else False if kind.base in _UNHASHABLE else None


def join(left: Kind | None, right: Kind | None) -> Kind | None:
    """The kind that covers both, None where they differ."""
    if left is None or right is None:
        return None
    if left.base == "?":
        return right
    if right.base == "?":
        return left
    if left.base != right.base:
        return None
    item = left.item if left.item == right.item else join(left.item, right.item)
    return Kind(base=left.base, item=item, sure=left.sure and right.sure)


def literal(node: cst.CSTNode) -> Kind | None:
    """The kind of a literal or a comparison, None for anything else."""
    if isinstance(node, cst.SimpleString):
        return Kind(base="bytes") if "b" in node.prefix.lower() else STR
    if isinstance(node, cst.FormattedString):
        return STR
    if isinstance(node, (cst.Integer, cst.Float)):
        return Kind(base=type(node).__name__.lower()[:5].replace("integ", "int"))
    if isinstance(node, cst.Name) and node.value in ("True", "False", "None"):
        return Kind(base="none" if node.value == "None" else "bool")
    if isinstance(node, cst.Comparison):
        return Kind(base="bool", sure=False)
    negated = isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not)
    return Kind(base="bool") if negated else None


def item_of(kind: Kind) -> Kind | None:
    """The kind of what iterating over an object of this kind gives."""
    if kind.base == "str":
        return replace(kind, item=None)
    if kind.base in ("bytes", "range"):
        return INT
    return kind.item if kind.base in ("list", "tuple", "set", "frozenset", "iterator") else None


def text_method(receiver: Kind, method: str) -> Kind | None:
    """The kind a method of texts and bytes gives."""
    if method in _TEXT_TO_TEXT:
        return receiver
    if method in _TEXT_TO_LIST:
        return Kind(base="list", item=replace(receiver, item=None), sure=receiver.sure)
    if method in _TEXT_TO_BOOL:
        return Kind(base="bool", sure=receiver.sure)
    if method == "encode":
        return Kind(base="bytes", sure=receiver.sure)
    return Kind(base="int", sure=receiver.sure) if method in _TEXT_TO_INT else None


def annotated(param: cst.Param) -> Kind | None:
    """`list[str]`, `List[str]`, `str`: believed, not proven."""
    if param.annotation is None or (isinstance(param.star, str) and param.star):
        return None
    return _annotation(param.annotation.annotation)


def _annotation(node: cst.BaseExpression) -> Kind | None:
    item: Kind | None = None
    if isinstance(node, cst.Subscript):
        first = node.slice[0].slice
        alike = len(node.slice) == 1 or (len(node.slice) == 2 and _is_ellipsis(node.slice[1]))
        item = _annotation(first.value) if alike and isinstance(first, cst.Index) else None
        node = node.value
    if isinstance(node, cst.Attribute):
        node = node.attr
    base = (name_of(node) or "").lower()
    return Kind(base=base, item=item, sure=False) if base in _ANNOTATIONS else None


def _is_ellipsis(element: cst.SubscriptElement) -> bool:
    return isinstance(element.slice, cst.Index) and isinstance(element.slice.value, cst.Ellipsis)
