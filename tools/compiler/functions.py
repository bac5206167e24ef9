"""Where functions and loops stand in a C or C++ file, as tree-sitter reads it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

C_SUFFIXES = frozenset({".c", ".h"})
CPP_SUFFIXES = frozenset({".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".ipp", ".tcc", ".inl"})
SUFFIXES = C_SUFFIXES | CPP_SUFFIXES
HEADER_SUFFIXES = frozenset({".h", ".hh", ".hpp", ".hxx", ".ipp", ".tcc", ".inl"})
MOST_BYTES = 4 * 1024 * 1024

_SAYS_CPP = re.compile(rb"^\s*(class|namespace|template|public:|private:)\b", re.MULTILINE)
_SCOPES = {"namespace_definition", "class_specifier", "struct_specifier", "union_specifier"}
_LOOPS = {"for_statement", "while_statement", "do_statement", "for_range_loop"}
_WITHOUT_FIELD = {"reference_declarator", "parenthesized_declarator", "attributed_declarator"}
_NAMES = {
    *("identifier", "field_identifier", "qualified_identifier", "destructor_name", "operator_name"),
    *("template_function", "operator_cast"),
}


@dataclass(frozen=True, kw_only=True)
class NativeFunction:
    """One function that has a body; lines count from 1, both ends belong to it."""

    name: str
    """As C++ qualifies it (`ns::Class::method`), without arguments."""
    first: int
    last: int
    body: int
    """The line that its body opens on."""


@dataclass(frozen=True, kw_only=True)
class Loop:
    """One loop statement."""

    first: int
    last: int
    depth: int
    """1 for a loop that stands in no other one of its function."""


@dataclass(frozen=True, kw_only=True)
class NativeFile:
    """What stands in a file."""

    functions: tuple[NativeFunction, ...] = ()
    loops: tuple[Loop, ...] = ()

    def function_at(self, line: int) -> NativeFunction | None:
        """The innermost function that has this line."""
        found = [one for one in self.functions if one.first <= line <= one.last]
        return found[-1] if found else None

    def named(self, name: str) -> NativeFunction | None:
        """The function of this name; its last part alone will do where only one has it."""
        exact = [one for one in self.functions if one.name == name]
        short = [one for one in self.functions if one.name.rpartition("::")[2] == name]
        return exact[0] if exact else short[0] if len(short) == 1 else None

    def depth_at(self, line: int) -> int:
        """How many loops are around a line."""
        return max((loop.depth for loop in self.loops if loop.first <= line <= loop.last), default=0)


def is_native(path: str) -> bool:
    """Whether a path is one of C or C++ source."""
    return PurePosixPath(path).suffix in SUFFIXES


@lru_cache(maxsize=64)
def read_native(text: str, path: str) -> NativeFile:
    """The functions and loops of a file's text; empty for what is not C or C++ or is too large."""
    data = text.encode("utf-8", "replace")
    if not is_native(path) or len(data) > MOST_BYTES:
        return NativeFile()
    return _collect(_parsed(data, path))


def _parsed(data: bytes, path: str) -> "Node":
    # Parsers take a while to load, and most jobs need none.
    import tree_sitter  # noqa: PLC0415
    import tree_sitter_c  # noqa: PLC0415
    import tree_sitter_cpp  # noqa: PLC0415

    cpp = tree_sitter.Language(tree_sitter_cpp.language())
    suffix = PurePosixPath(path).suffix
    if suffix in CPP_SUFFIXES:
        return tree_sitter.Parser(cpp).parse(data).root_node
    if suffix == ".h" and _SAYS_CPP.search(data):
        return tree_sitter.Parser(cpp).parse(data).root_node
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_c.language())).parse(data).root_node


def _collect(root: "Node") -> NativeFile:
    functions: list[NativeFunction] = []
    loops: list[Loop] = []
    waiting = [(root, "", 0)]
    while waiting:
        node, prefix, depth = waiting.pop()
        first, last = node.start_point[0] + 1, node.end_point[0] + 1
        if node.type == "function_definition" and (name := _name(node)):
            body = node.child_by_field_name("body") or node
            functions.append(NativeFunction(name=prefix + name, first=first, last=last, body=body.start_point[0] + 1))
            depth = 0
        elif node.type in _SCOPES:
            named = node.child_by_field_name("name")
            prefix += f"{_text(named)}::" if named else ""
        elif node.type in _LOOPS:
            depth += 1
            loops.append(Loop(first=first, last=last, depth=depth))
        waiting += [(child, prefix, depth) for child in reversed(node.children)]
    return NativeFile(functions=tuple(functions), loops=tuple(loops))


def _name(function: "Node") -> str | None:
    for node in _declarators(function):
        if node.type in _NAMES:
            return "".join(_text(node).split())
    return None


def _declarators(function: "Node") -> Iterator["Node"]:
    node = function.child_by_field_name("declarator")
    while node is not None:
        yield node
        if node.type == "operator_cast":
            return
        below = node.child_by_field_name("declarator")
        if below is None and node.type in _WITHOUT_FIELD:
            inner = (child for child in node.named_children if child.type.endswith(("declarator", "identifier")))
            below = next(inner, None)
        node = below


def _text(node: "Node") -> str:
    return (node.text or b"").decode("utf-8", "replace")
