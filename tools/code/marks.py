"""Names from Python's own libraries that say something about what surrounds them."""

import ast

from tools.code.scopes import FunctionNode

PLAIN_RESULT = frozenset(
    (
        *("abs", "all", "any", "bin", "bool", "bytearray", "bytes", "callable", "chr", "complex", "dict", "dir"),
        *("divmod", "enumerate", "filter", "float", "format", "frozenset", "hash", "hex", "id", "input", "int"),
        *("isinstance", "issubclass", "iter", "len", "list", "map", "memoryview", "oct", "open", "ord", "pow"),
        *("print", "range", "repr", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple", "vars"),
        "zip",
    )
)
"""Builtins whose result is never an object of the project itself, though it may hold some."""
TRANSPARENT = frozenset(
    (
        *("staticmethod", "classmethod", "property", "cached_property", "abstractmethod", "override", "final"),
        *("lru_cache", "cache", "wraps", "setter", "getter", "deleter", "overload"),
    )
)
"""Decorators after which a call still gives what the function returns."""
PROPERTIES = frozenset({"property", "cached_property", "setter", "getter", "deleter"})
CLASS_LEVEL = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
WRAPPERS = frozenset({"Optional", "Union", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"})
HOLDERS = frozenset(
    (
        *("list", "set", "frozenset", "tuple", "List", "Set", "FrozenSet", "Tuple", "Sequence", "MutableSequence"),
        *("Iterable", "Iterator", "Collection", "Generator", "deque", "AbstractSet"),
    )
)
TYPE_HOLDERS = frozenset({"type", "Type"})


def decorators(node: FunctionNode | ast.ClassDef) -> set[str]:
    """The last names of what decorates a function or class."""
    return {last_name(decorator) for decorator in node.decorator_list}


def last_name(node: ast.expr) -> str:
    """`c` of `a.b.c` and of `a.b.c(...)`; empty for other expressions."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return node.attr
        case ast.Call():
            return last_name(node.func)
    return ""
