"""The types that changed code speaks of, on either side: values of these are inputs that its callers may give.

Tests that give a function numbers do not say that somebody gives it texts. Code that asks for the type of a value,
turns it into another, or names types in its annotations does. So does a parameter that has a default: it may be left
out, and is, unless the two sides differ in what stands for it, for then they would not be given the same input.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tools.equivalence.constants import defaults_of, functions_of

ANY = "any"
_ASKING = {"isinstance", "issubclass", "type", "hasattr", "callable", "Any", "object", "singledispatch"}
_PLAIN = {
    *("int", "float", "bool", "str", "bytes", "bytearray", "list", "tuple", "range", "dict", "OrderedDict"),
    *("set", "frozenset"),
}
_STANDS_FOR = {
    **dict.fromkeys(("Number", "Real", "Rational", "SupportsFloat", "SupportsInt"), ("int", "float")),
    **dict.fromkeys(("Iterable", "Sequence", "Collection", "Iterator", "Container"), ("list", "tuple", "range")),
    **dict.fromkeys(("Mapping", "MutableMapping", "Dict"), ("dict", "OrderedDict")),
    **dict.fromkeys(("List", "Tuple"), ("list", "tuple")),
    "Optional": ("None",),
}


def types_named(trees: tuple[Path, Path], lines: Mapping[str, Iterable[int]]) -> str:
    """Names of types in the functions at `lines`, with commas between; ANY is one where the code asks for a type.

    `!name` is a parameter whose default is another one on the other side.
    """
    found = {name for node in functions_of(trees, lines) for name in _names(node)}
    names = {name for name in found if name in _PLAIN or name == "None"} | ({ANY} if found & _ASKING else set())
    return ",".join(sorted(names | {f"!{name}" for name in _other_defaults(trees, lines)}))


def _other_defaults(trees: tuple[Path, Path], lines: Mapping[str, Iterable[int]]) -> Iterator[str]:
    for path in lines:
        before, after = (defaults_of(tree, path) for tree in trees)
        for function in before.keys() & after.keys():
            ours, theirs = before[function], after[function]
            yield from (name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def _names(root: ast.AST) -> Iterator[str]:
    for node in ast.walk(root):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        yield name
        yield from _STANDS_FOR.get(name, ())
        if isinstance(node, ast.Constant) and node.value is None:
            yield "None"
        elif isinstance(node, ast.arg) and isinstance(node.annotation, ast.Constant):
            yield from _quoted(node.annotation.value)


def _quoted(annotation: object) -> Iterator[str]:
    """Of an annotation that is written as a text."""
    try:
        yield from _names(ast.parse(str(annotation), mode="eval"))
    except (SyntaxError, ValueError):
        return
