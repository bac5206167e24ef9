"""What may be the same object as another, and what may be held by it."""

from textwrap import indent

import libcst as cst
import pytest

from agent.proposers.rewrite.analysis import analyse
from agent.proposers.rewrite.module import ModuleUnderEdit
from agent.proposers.rewrite.places import Places

SAME = [
    ("a = b", "b"),
    ("a = b if c else None", "b"),
    ("a = b[i]", "b[i]"),
    ("a = b[i]", "b[0]"),
    ("a = b[-1]", "b[0]"),
    ("a = b.rows", "b.rows"),
    ("a = b.rows\nc = b", "c.rows"),
    ("b[i] = a", "b[0]"),
    ("b.rows = a", "b.rows"),
    ("b.append(a)", "b[-1]"),
    ("b = {'one': a}", "b['one']"),
    ("b = [1, (2, a)]", "b[1][1]"),
    ("a = b.get(i)", "b[i]"),
    ("a = b.setdefault(i, c)", "c"),
    ("a, c = b", "b[0]"),
    ("for a in b: pass", "b[0]"),
    ("for i, a in enumerate(b): pass", "b[0]"),
    ("for c, a in zip(d, b): pass", "b[0]"),
    ("for c, a in b.items(): pass", "b[c]"),
    ("for a in reversed(list(b)): pass", "b[i]"),
    ("c = [x for x in b if x]\na = c[0]", "b[i]"),
    ("c = b + d\na = c[0]", "d[i]"),
    ("c.extend(b)\na = c[0]", "b[i]"),
    ("(a := b)", "b"),
]
APART = [
    ("a = b[0]", "b[1]"),
    ("a = b['one']", "b['two']"),
    ("a = b[i - 1]", "b[i]"),
    ("a = b.rows", "b.columns"),
    ("a = b.rows", "b"),
    ("a = list(b)", "b"),
    ("a = b[:]", "b"),
    ("for c, a in zip(d, b): pass", "d[0]"),
    ("a, c = b", "b[1]"),
    ("b.append(a)", "b"),
    ("a = b", "c"),
    ("a = a.following", "b"),
]
WITHIN = [
    ("", "a[0]"),
    ("", "a.rows[0]"),
    ("for b in a: pass", "b"),
    ("for b in a: pass", "b.rows"),
    ("a = [b, c]", "c"),
    ("a.append(b)", "b"),
    ("a = list(b)", "b[0]"),
    ("a.rows = [[b]]", "b"),
    ("b = sorted(a)", "b[0]"),
]
NOT_WITHIN = [("", "b[0]"), ("a = list(b)", "b"), ("b.append(a)", "b"), ("b = [a, c]", "b[1]")]


def asked(statements: str, expression: str) -> tuple[bool, bool]:
    """Whether the expression may be the object behind `a`, and whether it may be held by it."""
    text = f"def target(b, c, d, i):\n    a = c0()\n{indent(statements, '    ')}\n    ask({expression})\n"
    function = ModuleUnderEdit(text, "case.py").functions("target")[0]
    call = function.all(cst.Call)[-1]
    places = Places(analyse(function).names)
    return places.may_be(call.args[0].value, "a"), places.may_be_within(call.args[0].value, "a")


@pytest.mark.parametrize(("statements", "expression"), SAME)
def test_the_same_object_by_another_way(statements: str, expression: str) -> None:
    assert asked(statements, expression)[0]


@pytest.mark.parametrize(("statements", "expression"), APART)
def test_another_object_is_told_apart(statements: str, expression: str) -> None:
    assert not asked(statements, expression)[0]


@pytest.mark.parametrize(("statements", "expression"), WITHIN)
def test_what_an_object_holds(statements: str, expression: str) -> None:
    assert asked(statements, expression) == (False, True)


@pytest.mark.parametrize(("statements", "expression"), NOT_WITHIN)
def test_what_an_object_does_not_hold(statements: str, expression: str) -> None:
    assert not asked(statements, expression)[1]


def test_a_chain_without_end_is_followed_for_a_while_only() -> None:
    assert asked("a = b\nwhile b: b = b.following", "b.following.following")[0]
