"""C and C++: what is defined, and who uses it."""

from pathlib import Path

import pytest

from tools.code.definitions import find_definitions
from tools.code.faults import fault
from tools.code.outline import outline_file
from tools.code.references import find_references
from tools.code.tree import CodeTree, folder_tree

HEADER = """\
#define SQUARE(x) ((x) * (x))
typedef struct { int x; } point;
struct node { struct node *next; };
int count(const struct node *first);
"""
C = """\
#include "list.h"

/* How many there are. */
int count(const struct node *first) {
    int n = 0;
    for (; first; first = first->next) n++;
    return SQUARE(n) / n;
}

static int step(int n) { return n + 1; }

int twice(struct node *first) {
    int (*how)(const struct node *) = count;
    return how(first) + count(first) + step(1);
}
"""
OTHER = """\
#include "list.h"
static int step(int n) { return n - 1; }
int use(void) { int count = step(2); return count; }
int more(struct node *n) { return count(n); }
"""
CPP = """\
namespace geometry {
/// A shape.
template <typename T>
class Box : public Base<T> {
 public:
  Box(int w);
  int area() const { return width() * 2; }
  int width() const;
};
}
int geometry::Box<int>::width() const { return this->area(); }
int total(geometry::Box<int> *b) { return b->area(); }
"""


@pytest.fixture
def tree(tmp_path: Path) -> CodeTree:
    for name, text in {"list.h": HEADER, "list.c": C, "other.c": OTHER, "box.cpp": CPP}.items():
        (tmp_path / name).write_text(text)
    return folder_tree(tmp_path)


def test_functions_types_and_macros_are_outlined(tree: CodeTree) -> None:
    shown = outline_file(tree, "list.c")
    assert "    4-8     int count(const struct node *first)  # How many there are." in shown
    assert "   10-10    static int step(int n)" in shown
    header = "\n".join(outline_file(tree, "list.h"))
    for name in ("SQUARE", "point", "struct node"):
        assert name in header
    box = outline_file(tree, "box.cpp")
    assert "    3-9       template <typename T> class Box : public Base<T>  # A shape." in box
    assert "    7-7         int area() const" in box


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("count", "list.c:4-8 function count"),
        ("list.c:step", "list.c:10-10 function step"),
        ("node", "list.h:3-3 struct node"),
        ("SQUARE", "list.h:1-1 macro SQUARE"),
        ("Box.area", "box.cpp:7-7 method geometry::Box::area"),
        ("geometry::Box::width", "box.cpp:11-11 function geometry::Box::width"),
    ],
)
def test_definitions_are_found(tree: CodeTree, name: str, answer: str) -> None:
    assert [str(one) for one in find_definitions(tree, name)] == [answer]


def uses(tree: CodeTree, name: str) -> set[tuple[str, int, str, str, bool]]:
    (definition,) = find_definitions(tree, name)
    found = find_references(tree, definition).found
    return {(one.path, one.line, one.function, one.kind, one.sure) for one in found}


def test_uses_are_found_and_locals_are_told_apart(tree: CodeTree) -> None:
    assert uses(tree, "count") == {
        ("list.h", 4, "", "declaration", True),
        ("list.c", 13, "twice", "read", True),
        ("list.c", 14, "twice", "call", True),
        ("other.c", 4, "more", "call", True),
    }


def test_static_functions_belong_to_their_file(tree: CodeTree) -> None:
    assert uses(tree, "list.c:step") == {("list.c", 14, "twice", "call", True)}


def test_members_are_only_possible(tree: CodeTree) -> None:
    assert uses(tree, "Box.area") == {
        ("box.cpp", 11, "geometry::Box::width", "call", False),
        ("box.cpp", 12, "total", "call", False),
    }


def test_a_fault_is_found_with_its_line() -> None:
    assert fault("list.c", C) is None
    broken = fault("list.c", C.replace("return how(first)", "return how(first"))
    assert broken is not None
    assert broken.line == 14
    python = fault("m.py", "x = 1\nreturn x\n")
    assert python is not None
    assert (python.line, python.message.startswith("'return' outside function")) == (2, True)
    assert fault("notes.txt", "(((") is None
