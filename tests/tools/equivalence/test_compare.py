"""Values as two processes would send them: what counts as the same, and where a difference is found."""

import collections
import dataclasses
import enum
import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from tools.driver.encoding import Encoder
from tools.equivalence.compare import difference
from tools.equivalence.render import render, render_call


class Plain:
    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


class Liar(Plain):
    """Says that it equals everything and looks like nothing."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "the same"

    def __reduce__(self) -> Any:
        return (Plain, ())


class Slotted:
    __slots__ = ("a", "b")


@dataclasses.dataclass
class Point:
    x: float
    tags: list[str]


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


Pair = collections.namedtuple("Pair", "left right")


def encode(value: Any) -> Any:
    """As it comes over the line."""
    return json.loads(json.dumps(Encoder().encode(value)))


def slotted(**fields: Any) -> Slotted:
    value = Slotted()
    for name, field in fields.items():
        setattr(value, name, field)
    return value


shared: list[int] = []
SAME = [
    (None, None),
    ([1, "a", b"b", 2.5, None, True], [1, "a", b"b", 2.5, None, True]),
    ({1, 2, "x"}, {"x", 2, 1}),
    (math.nan, math.nan),
    (1 << 100, 1 << 100),
    ((value for value in "abc"), (letter for letter in "abc")),
    (Point(1.0, ["a"]), Point(1.0, ["a"])),
    (slotted(a=1), slotted(a=1)),
    (ValueError("x", 1), ValueError("x", 1)),
    (Plain(a=1), Plain(a=1, _cache={})),
    ([Plain(a=[]), shared, shared], [Plain(a=[], _more=[1]), shared, shared]),
    (collections.deque([1, 2], 3), collections.deque([1, 2], 3)),
]
OTHER = [
    (1, True),
    (1, 1.0),
    (0.0, -0.0),
    (0.1 + 0.2, 0.3),
    ([1, 2], (1, 2)),
    ([1, 2], [2, 1]),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    (b"ab", bytearray(b"ab")),
    ("e\u0301", "\u00e9"),
    ([], iter([])),
    ((value for value in "abc"), map(str, "abc")),
    (Pair(1, 2), (1, 2)),
    (collections.OrderedDict(a=1), {"a": 1}),
    (collections.defaultdict(int, a=1), {"a": 1}),
    (Colour.RED, Colour.BLUE),
    (Plain(a=1), Plain(a=2)),
    (Plain(a=1), Plain(a=1, b=2)),
    (Plain(a=1, _b=1), Plain(a=1)),
    (Liar(a=1), Liar(a=2)),
    (slotted(a=1), slotted(a=1, b=2)),
    (ValueError("x"), ValueError("y")),
    (ValueError("x"), KeyError("x")),
    ([shared, shared], [[], []]),
    ([shared, shared], [shared, []]),
    (collections.deque([1], 3), collections.deque([1])),
    ({1: "a"}, {True: "a"}),
    (["list", 1], ["list", 2]),
    (len, max),
    (1 << 100, (1 << 100) + 1),
    (math.inf, math.nan),
]


@pytest.mark.parametrize(("before", "after"), SAME)
def test_the_same(before: Any, after: Any) -> None:
    assert difference(encode(before), encode(after)) is None


@pytest.mark.parametrize(("before", "after"), OTHER)
def test_not_the_same(before: Any, after: Any) -> None:
    found = difference(encode(before), encode(after))
    assert found is not None
    assert found.before != "" or found.after != ""


def test_a_difference_says_where() -> None:
    found = difference(
        encode({"rows": [Plain(name="a"), Plain(name="b")]}), encode({"rows": [Plain(name="a"), Plain(name="c")]})
    )
    assert found is not None
    assert found.place == "['rows'][1].name"
    assert str(found) == "before 'b', now 'c' at ['rows'][1].name"


def test_a_tolerance_is_for_floats_alone() -> None:
    assert difference(encode([1.0]), encode([1.0 + 1e-12]), 1e-9) is None
    assert difference(encode([1.0]), encode([1.0 + 1e-6]), 1e-9) is not None
    assert difference(encode([100]), encode([101]), 0.5) is not None


@pytest.mark.parametrize(
    "rubbish", [[], ["list"], ["list", 0], ["object", 1], ["float", "zz"], {"a": []}, ["tuple", 7]]
)
def test_rubbish_from_a_process_is_a_difference_and_no_crash(rubbish: Any) -> None:
    assert difference(encode([1, [2]]), rubbish) is not None
    assert (
        difference(["list", 0, [rubbish]], ["list", 0, [[*rubbish, 1] if isinstance(rubbish, list) else 1]]) is not None
    )
    assert isinstance(render(rubbish), str)


def test_iterators_are_drained_with_their_end() -> None:
    def broken() -> Any:
        yield 1
        raise ValueError("late")

    assert encode(broken())[2:] == [[1], ["exception", "builtins.ValueError", ["late"], {}, [], 1]]


def test_a_generator_whose_items_grow_without_end_is_drawn_until_they_fill_too_much() -> None:
    def doubled() -> Any:
        number = 1
        while True:
            yield number
            number *= 2

    _, _, items, end = encode(doubled())
    assert end == "more"
    assert 1_000 < len(items) < 20_000


def test_what_is_shown_is_short_and_reads_like_python() -> None:
    assert (
        render(encode({"a": [1.5, (True,), {2}], "b": Plain(x=None)}))
        == "{'a': [1.5, (True,), {2}], 'b': Plain(x=None)}"
    )
    assert len(render(encode(list(range(10_000))))) < 200
    assert render_call(([encode([1])], {"key": encode("v")})) == "[1], key='v'"


def raised(make: Callable[[], object]) -> Any:
    """The encoded exception of a call."""
    try:
        make()
    except (TypeError, IndexError, ValueError, KeyError) as error:
        return json.loads(json.dumps(Encoder().exception(error)))
    raise AssertionError("it raised nothing")


def test_the_interpreters_own_words_are_an_accident_but_the_projects_are_not() -> None:
    def refuse(text: str) -> None:
        raise TypeError(text)

    empty: list[int] = []
    number: Any = 1
    assert difference(raised(lambda: number < "a"), raised(lambda: number > "a")) is None
    assert difference(raised(lambda: empty[0]), raised(empty.pop)) is None
    assert difference(raised(lambda: int("a")), raised(lambda: int("b"))) is not None
    assert difference(raised(lambda: {}["a"]), raised(lambda: {}["b"])) is not None
    assert difference(raised(lambda: refuse("a")), raised(lambda: refuse("b"))) is not None
    assert difference(raised(lambda: number < "a"), raised(lambda: refuse("a"))) is not None
