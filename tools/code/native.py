"""C and C++ taken apart by their syntax alone: what is defined, and where a name is used."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tools.code.definition import Definition
from tools.code.tree import CodeTree

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

CONTAINERS = {
    "namespace_definition": "namespace",
    "class_specifier": "class",
    "struct_specifier": "struct",
    "union_specifier": "union",
    "enum_specifier": "enum",
}
NAMES = ("identifier", "field_identifier", "type_identifier")
AROUND_NAMES = ("qualified_identifier", "field_expression", "template_function")
MOST_SIGNATURE = 200


@dataclass(frozen=True, kw_only=True)
class NativeItem:
    """A function, type, namespace or macro. Lines count from 1."""

    path: str
    qualname: str
    """With `::` between its parts."""
    kind: str
    first_line: int
    last_line: int
    signature: str
    """One line, as it is written before its body."""
    doc: str = ""
    """The first sentence of the comment above it."""
    static: bool = False
    """Whether only its own file can see it."""


class NativeUse(NamedTuple):
    """A place where a name stands in a C or C++ file."""

    line: int
    kind: str
    """`call`, `read` or `declaration`."""
    function: str
    """The function around it; empty outside of all."""
    of_object: bool
    """Whether it stands behind `.` or `->`."""
    local: bool
    """Whether the function around it has a parameter or variable of this name."""


@lru_cache(maxsize=200)
def native_items(path: str, text: str) -> tuple[NativeItem, ...]:
    """What a file defines, in its order."""
    return tuple(_items(_parsed(path, text).root_node, path, ""))


def first_fault(path: str, text: str) -> int | None:
    """The line of the first thing that cannot be parsed; macros may look so too. None where there is none."""
    root = _parsed(path, text).root_node
    waiting = [root] if root.has_error else []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            return int(node.start_point[0]) + 1
        waiting += [child for child in reversed(node.children) if child.has_error or child.is_missing]
    return None


def native_definitions(tree: CodeTree, name: str) -> list[Definition]:
    """Definitions of C and C++ files whose qualified name is this or ends in it."""
    wanted = name.replace(".", "::")
    return [
        Definition(path=one.path, qualname=one.qualname, kind=one.kind, first_line=one.first_line,
                   last_line=one.last_line)
        for path in tree.holding(tree.native, wanted.rpartition("::")[2])
        for one in native_items(path, tree.text(path) or "")
        if one.qualname == wanted or one.qualname.endswith(f"::{wanted}")
    ]  # fmt: skip


def native_uses(path: str, text: str, name: str) -> list[NativeUse]:
    """Where a name stands in one file, but for its own definition."""
    found = []
    for node in _walk(_parsed(path, text).root_node):
        if node.type in NAMES and _text(node) == name:
            use = _use(node)
            if use is not None:
                found.append(use)
    return found


def _use(node: "Node") -> NativeUse | None:
    of_object = node.parent is not None and node.parent.type == "field_expression" and node.type == "field_identifier"
    outer = node
    while outer.parent is not None and outer.parent.type in (
        "qualified_identifier",
        "field_expression",
        "template_function",
    ):
        outer = outer.parent
    parent = outer.parent
    kind = "read"
    if parent is not None and parent.type == "call_expression" and parent.child_by_field_name("function") == outer:
        kind = "call"
    elif parent is not None and parent.type == "function_declarator":
        if _has_ancestor(parent, "function_definition", below=("compound_statement",)):
            return None
        kind = "declaration"
    elif parent is not None and parent.type in (*CONTAINERS, "preproc_def", "preproc_function_def", "enumerator"):
        return None
    function, local = _around(node)
    return NativeUse(int(node.start_point[0]) + 1, kind, function, of_object, local)


def _around(node: "Node") -> tuple[str, bool]:
    name = _text(node)
    around: Node | None = node
    while around is not None and around.type != "function_definition":
        around = around.parent
    if around is None:
        return "", False
    declared = (
        part for part in _walk(around)
        if part.type == "identifier" and _text(part) == name and part.parent is not None
        and part.parent.type in ("parameter_declaration", "init_declarator", "declaration", "pointer_declarator")
        and part.parent.child_by_field_name("declarator") == part
    )  # fmt: skip
    return _declared_name(around.child_by_field_name("declarator")), any(True for _ in declared)


def _has_ancestor(node: "Node", kind: str, below: tuple[str, ...]) -> bool:
    around = node.parent
    while around is not None and around.type not in below:
        if around.type == kind:
            return True
        around = around.parent
    return False


def _items(node: "Node", path: str, prefix: str) -> Iterator[NativeItem]:
    for child in node.children:
        body = child.child_by_field_name("body")
        if child.type == "function_definition":
            name = _declared_name(child.child_by_field_name("declarator"))
            if name:
                kind = "method" if prefix and node.type == "field_declaration_list" else "function"
                yield _item(child, path, prefix + name, kind)
        elif child.type in CONTAINERS and body is not None:
            name = _text(child.child_by_field_name("name")) or _typedef_name(child) or ""
            if name:
                yield _item(child, path, prefix + name, CONTAINERS[child.type])
            yield from _items(body, path, f"{prefix}{name}::" if name else prefix)
        elif child.type in ("preproc_def", "preproc_function_def"):
            yield _item(child, path, _text(child.child_by_field_name("name")), "macro")
        elif child.type != "compound_statement":
            yield from _items(child, path, prefix)


def _item(node: "Node", path: str, qualname: str, kind: str) -> NativeItem:
    outer = node
    while outer.parent is not None and outer.parent.type in ("template_declaration", "type_definition"):
        outer = outer.parent
    body = node.child_by_field_name("body") or node.child_by_field_name("value")
    text = (outer.text or b"").decode("utf-8", "replace")
    head = text if body is None else text[: _characters(outer, body.start_byte)]
    name = qualname.rpartition("::")[2]
    head = head if name in head else f"{head} {name}"  # `typedef struct {...} name`
    return NativeItem(
        path=path,
        qualname=qualname,
        kind=kind,
        first_line=int(outer.start_point[0]) + 1,
        last_line=int(outer.end_point[0]) + (0 if outer.end_point[1] == 0 else 1),
        signature=" ".join(head.split())[:MOST_SIGNATURE],
        doc=_comment(outer),
        static=re.match(r"\s*(?:inline\s+)?static\b", text) is not None and kind == "function",
    )


def _characters(node: "Node", end_byte: int) -> int:
    return len((node.text or b"")[: end_byte - node.start_byte].decode("utf-8", "replace"))


def _typedef_name(node: "Node") -> str:
    parent = node.parent
    return _text(parent.child_by_field_name("declarator")) if parent and parent.type == "type_definition" else ""


def _comment(node: "Node") -> str:
    before = node.prev_sibling
    if before is None or before.type != "comment" or node.start_point[0] - before.end_point[0] > 1:
        return ""
    words = re.sub(r"^[/*!<\s]+|[*/\s]+$", "", re.sub(r"\n\s*\*?", "\n", _text(before)))
    return words.partition("\n")[0].strip()


def _declared_name(declarator: "Node | None") -> str:
    """The name inside a declarator, `a::b::f` where it is qualified."""
    while declarator is not None:
        if declarator.type in ("identifier", "field_identifier", "destructor_name", "operator_name", "type_identifier"):
            return _text(declarator)
        if declarator.type == "qualified_identifier":
            return re.sub(r"<[^<>]*>|\s", "", _text(declarator))
        inner = declarator.child_by_field_name("declarator")
        if inner is None:
            inner = next((part for part in declarator.named_children if part.type.endswith("declarator")), None)
        declarator = inner
    return ""


def _walk(node: "Node") -> Iterator["Node"]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(one.children)


def _text(node: "Node | None") -> str:
    return "" if node is None or node.text is None else node.text.decode("utf-8", "replace")


def _parsed(path: str, text: str) -> "Tree":
    # They load compiled grammars, and most commands need none of them.
    import tree_sitter  # noqa: PLC0415

    if path.endswith(".c"):
        import tree_sitter_c as grammar  # noqa: PLC0415
    else:
        import tree_sitter_cpp as grammar  # type: ignore[no-redef]  # noqa: PLC0415
    parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))
    return parser.parse(text.encode("utf-8", "surrogatepass"))
