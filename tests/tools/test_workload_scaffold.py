"""Workload files written from recorded calls: they parse, repeat themselves and call what they say."""

import random
import sys
from types import ModuleType
from typing import Any

import pytest

from tools.workload.scaffold import Call, Callee, generated, parameters_of, replayed
from tools.workload.shapes import generator, is_plain

CALLS = [
    Call(args=([3, 1, 2], "asc"), kwargs={"key": "price"}),
    Call(args=([9], "desc"), kwargs={"key": "weight"}),
    Call(args=([], "asc"), kwargs={}),
]
CALLEE = Callee(module="shop.stock", qualname="ordered", parameters=("items", "size", "key"))


def loaded(text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The file's names, with the function that it imports showing what it was given."""
    shop, stock = ModuleType("shop"), ModuleType("shop.stock")
    stock.ordered = lambda *args, **kwargs: (args, kwargs)  # type: ignore[attr-defined]
    for module in (shop, stock):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    names: dict[str, Any] = {}
    exec(compile(text, "workload.py", "exec"), names)
    return names


def test_inputs_are_seeded_sized_and_passed_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    file = loaded(generated(CALLEE, CALLS, "shop.stock:ordered"), monkeypatch)
    made = file["make_input"](7, 50)
    assert made == file["make_input"](7, 50)
    assert made != file["make_input"](8, 50)
    args, kwargs = file["run"](made)
    assert len(args[0]) == 50
    assert set(args[0]) <= set(range(1, 10))
    assert args[1] in ("asc", "desc")
    assert kwargs["key"] in ("price", "weight")


def test_literal_examples_are_drawn_from_where_inputs_cannot_be_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    file = loaded(replayed(CALLEE, CALLS, "shop.stock:ordered"), monkeypatch)
    calls = file["run"](file["make_input"](1, 30))
    assert len(calls) == 30
    assert "repr(error)" in replayed(CALLEE, CALLS, "shop.stock:ordered")
    assert all((list(args), kwargs) in [(list(one.args), dict(one.kwargs)) for one in CALLS] for args, kwargs in calls)


def test_a_file_through_a_caller_says_so() -> None:
    text = generated(CALLEE, CALLS, "shop.stock:_compare")
    assert "A workload for shop.stock:_compare through shop.stock:ordered, which calls it" in text
    assert "#   ordered([3, 1, 2], 'asc', key='price')" in text


@pytest.mark.parametrize(
    "values",
    [
        [True, False],
        [1.5, -2.0],
        [b"ab", b"c"],
        ["the quick brown fox jumps over it", "a lazy dog", "x", "y", "z"],
        [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}],
        [[{"id": 1}, {"id": 2, "tag": None}], [{"id": 3}]],
        [(1, "x"), (2, "y")],
        [{1, 2}, {3}],
        [None, 3, "mixed"],
        [{}],
        [[]],
        [float("nan"), 1.0],
    ],
)
def test_values_are_made_of_the_types_that_were_seen(values: list[Any]) -> None:
    made = eval(generator(values), {"rng": random.Random(1), "size": 12})
    assert type(made) in {type(value) for value in values}
    assert is_plain(made)


def test_parameters_are_read_from_the_source() -> None:
    source = "class A:\n    class B:\n        def m(self, left, /, right, *rest, flag=1): ...\n"
    assert parameters_of(source, "A.B.m") == ("self", "left", "right")
    assert parameters_of(source, "A.n") == ()
