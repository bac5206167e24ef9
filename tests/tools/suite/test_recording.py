"""Calls recorded while a suite runs, and what is said of those that could not be."""

import pickle

import pytest

from tools.profile.source import SourceIndex
from tools.workload.recording import Wanted

TESTS = """
import pytest
from shop import prices

def test_total():
    for n in [*range(100), *range(100)]:
        prices.total(["a", "b", str(n)], rate=2)

def test_change():
    items = [1]
    prices.change(items, 2, 3, last=4, other=5)
    prices.change(items)

def test_unpicklable():
    prices.price(test_change)
    prices.price([].append)
    prices.Cart.of(open(__file__))

def test_repeats():
    prices.Cart("rare")
    for _ in range(100):
        prices.Cart("x" * 200_000)
    prices.Cart("y" * 200_000)

def test_many():
    for n in range(20_000):
        prices.price(n)

def test_cart():
    assert prices.cached("a") == 2
    cart = prices.Cart.of("x", "y")
    assert (cart.size(), cart.empty(), cart.first) == (2, 0, "x")
    with pytest.raises(TypeError, match=r"total\\(\\) missing 1 required positional argument: 'items'"):
        prices.total()
    assert prices.total.__code__.co_name == "total"
    import inspect
    assert str(inspect.signature(prices.total)) == "(items, *, rate=1)"
"""


@pytest.fixture(scope="module")
def recorded(projects, run):
    tree = projects({"test_it.py": TESTS})
    names = [
        "total",
        "price",
        "cached",
        "change",
        "Cart.size",
        "Cart.empty",
        "Cart.of",
        "Cart.first",
        "Cart.__init__",
        "burn",
        "gone",
    ]
    lines = {span.qualname: span.first_line for span in SourceIndex(tree).spans("shop/prices.py")}
    wanted = [
        Wanted(module="shop.prices", qualname=name, path="shop/prices.py", line=lines.get(name, 1)) for name in names
    ]
    found = run(tree, mode="record", record=wanted)
    assert [case.outcome for case in found.report.cases] == ["passed"] * 6
    return {one.qualname: one for one in found.recordings}


def test_calls_their_counts_and_kinds(recorded):
    total = recorded["total"]
    assert (total.target, total.seen_calls, total.kind, total.steps) == (
        "shop.prices:total",
        200,
        "function",
        ("total",),
    )
    calls = [pickle.loads(call.pickle) for call in total.calls]
    assert len(calls) == 64
    assert all(args[0][:2] == ["a", "b"] and kwargs == {"rate": 2} for args, kwargs in calls)
    assert len({call.digest for call in total.calls}) == 64
    assert "/project" in total.import_paths

    changes = sorted(pickle.loads(call.pickle) for call in recorded["change"].calls)
    # As they were before the call changed them.
    assert changes == [(([1], 2, 3), {"last": 4, "other": 5}), (([1, 4],), {"last": None})]

    kinds = {name: (one.kind, one.steps[1:], one.seen_calls) for name, one in recorded.items() if "Cart" in name}
    assert kinds == {
        "Cart.size": ("method", ("size",), 1),
        "Cart.empty": ("staticmethod", ("empty", "__func__"), 1),
        "Cart.of": ("classmethod", ("of", "__func__"), 2),
        "Cart.first": ("property", ("first", "fget"), 1),
        "Cart.__init__": ("method", ("__init__",), 104),
    }
    # Repeats take no room, however large they are.
    assert len(recorded["Cart.__init__"].calls) == 4
    assert (recorded["cached"].steps, recorded["cached"].seen_calls) == (("cached", "__wrapped__"), 1)


def test_many_calls_are_thinned_out_fairly(recorded):
    price = recorded["price"]
    assert price.seen_calls > 20_000
    assert price.tried < 1500
    plain = [call.pickle for call in price.calls if b"test_it" not in call.pickle and b"append" not in call.pickle]
    numbers = [args[0] for args, _ in map(pickle.loads, plain)]
    numbers = [number for number in numbers if isinstance(number, int)]
    assert len(numbers) > 25
    assert 0.2 < sum(number < 10_000 for number in numbers) / len(numbers) < 0.8


def test_a_test_of_few_calls_keeps_its_places_beside_one_of_many(recorded):
    kept = [call.pickle for call in recorded["price"].calls]
    assert any(b"append" in pickled for pickled in kept)
    assert {"a", "b"} <= {args[0] for args, _ in map(pickle.loads, [one for one in kept if b"test_it" not in one])}


def test_what_could_not_be_recorded_is_said(recorded):
    made = recorded["Cart.of"]
    assert (made.tried, made.unpicklable, made.unpicklable_share, len(made.calls)) == (2, 1, 0.5, 1)
    assert made.reasons == (("TypeError: cannot pickle '_io.TextIOWrapper' object", 1),)
    assert "not where its name says" in recorded["gone"].problem
    assert (recorded["burn"].seen_calls, recorded["burn"].calls) == (0, ())
    assert "no test calls it" in recorded["burn"].problem
