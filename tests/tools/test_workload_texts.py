"""Texts from a model: what of them may be run, and what they are made into."""

import sys
from types import ModuleType
from typing import Any

import pytest

from tools.measure.batches import BATCH_S
from tools.workload.acceptance import checks, rejection
from tools.workload.expressions import call_problem, told_workload
from tools.workload.hollow import hollow_source, hollow_text
from tools.workload.trial import Tried
from tools.workload.unsafe import unsafe

FILE = """import random
from collections import Counter

import numpy as np
from shop.stock import merge

sizes = (10, 1000)


def make_input(seed, size):
    rng = random.Random(seed)
    return [rng.random() for _ in range(size)], Counter()


def run(made):
    try:
        return merge(*made)
    except ValueError as error:
        return repr(error)
"""
SECOND_IMPORT = "def run(made):\n    import shop.fast\n"


def test_a_plain_file_is_let_through() -> None:
    assert unsafe(FILE) is None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("import numpy as np", "import time", "`time`"),
        ("import numpy as np", "import os.path", "`os.path`"),
        ("import numpy as np", "from random import _os", "`_os`"),
        ("import numpy as np", "from dataclasses import inspect", "`inspect`"),
        ("import numpy as np", "from .stock import merge", "in full"),
        ("import numpy as np", "from shop import *", "`*`"),
        ("return merge(*made)", "return merge.__code__.co_consts", "`.__code__`"),
        ("return merge(*made)", "return np.os.getpid()", "`.os`"),
        ("return merge(*made)", "return eval('merge')", "`eval`"),
        ("return merge(*made)", "merge.fast = 1", "`merge.fast`"),
        ("except ValueError", "except AttributeError", "`AttributeError`"),
        ("except ValueError as error", "except", "`except:`"),
        ("def run(made):\n", SECOND_IMPORT, "top level"),
        ("def run(made):", "def run(made, side):", "`run` must take"),
        ("def make_input(seed, size):", "def make(seed, size):", "no function `make_input`"),
        ("sizes = (10, 1000)", "sizes = (1000, 10)", "growing"),
        ("sizes = (10, 1000)", "sizes = range(9)", "growing"),
    ],
)
def test_a_file_that_could_tell_the_sides_apart_is_refused(old: str, new: str, reason: str) -> None:
    assert old in FILE
    assert reason in str(unsafe(FILE.replace(old, new, 1).replace("return repr(error)", "return 1")))


def test_a_hollow_function_does_nothing_while_run_is_in_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        'class Stock:\n    def merge(self, items):\n        "Merge."\n        items.append(1)\n        return items\n'
    )
    hollow = hollow_source(source, "Stock.merge")
    assert hollow is not None
    subject: dict[str, Any] = {}
    exec(hollow, subject)
    workload = ModuleType("hasten_workload")
    monkeypatch.setitem(sys.modules, "hasten_workload", workload)
    vars(workload)["merge"] = subject["Stock"]().merge
    text = "def make_input(seed, size):\n    return merge([size])\n\n\ndef run(made):\n    return merge(made)\n"
    exec(hollow_text(text), vars(workload))
    assert vars(workload)["make_input"](1, 5) == [5, 1]
    assert vars(workload)["run"]([5]) is None
    assert vars(workload)["make_input"](1, 5) == [5, 1]


@pytest.mark.parametrize("source", ["def g():\n    yield 1\n", "async def g():\n    yield 1\n", "def g(): return 1\n"])
def test_every_kind_of_function_can_be_made_hollow(source: str) -> None:
    hollow = hollow_source(source, "g")
    assert hollow is not None
    compile(hollow, "g.py", "exec")
    assert hollow_source(source, "h") is None


@pytest.mark.parametrize(
    ("call", "qualname"),
    [
        ("merge([1, -0.0], key=lambda item: item.price)", "merge"),
        ("merge(['a'] * 5000, (number for number in range(3)))", "merge"),
        ("Stock('x', 3).merge({1: {2}})", "Stock.merge"),
        ("Stock(3)", "Stock.__init__"),
        ("_inner(float('nan'))", "_inner"),
    ],
)
def test_calls_with_values_made_on_the_spot_may_be_tried(call: str, qualname: str) -> None:
    assert call_problem(call, qualname) is None


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("merge(", "not a Python expression"),
        ("import os", "not a Python expression"),
        ("other([1])", "must be one call"),
        ("merge([1]) + merge([2])", "must be one call"),
        ("merge(merge.__code__.co_code)", "`.__code__`"),
        ("merge(open('/etc/passwd').read())", "`open`"),
        ("merge(id(merge))", "`id`"),
        ("merge(_cache)", "`_cache`"),
        ("merge(x := 3)", "without await"),
        ("merge('" + "a" * 3000 + "')", "longer than"),
    ],
)
def test_calls_that_look_at_anything_else_are_refused(call: str, reason: str) -> None:
    assert reason in str(call_problem(call, "merge"))


def test_calls_become_inputs_and_the_method_is_called_on_its_object(tmp_path: Any, monkeypatch: Any) -> None:
    stock = ModuleType("stock")
    exec("class Stock:\n    def merge(self, *items, by=0):\n        return [*items, by]\n", vars(stock))
    monkeypatch.setitem(sys.modules, "stock", stock)
    workload = told_workload("stock", "Stock.merge", ["Stock().merge(1, 2)", "Stock().merge(by='x')"], tmp_path)
    names: dict[str, Any] = {}
    exec((workload.folder / "workload.py").read_text(), names)
    assert names["sizes"] == (0, 1)
    assert [names["run"](names["make_input"](None, size)) for size in names["sizes"]] == [[1, 2, 0], ["x"]]


def tried(**more: Any) -> Tried:
    good = {"repeats": True, "reaches": True, "differs": True, "shows": True, "timed": True}
    return Tried(**{**good, "call_s": {10: 1e-3, 100: 9e-3}, "batch_s": {10: BATCH_S, 100: BATCH_S}, **more})


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, None),
        ({"raised": 0.4, "error": "raises KeyError('x')"}, None),
        ({"shows": None}, None),
        ({"problem": "exited with code 1"}, "exited with code 1"),
        ({"raised": 0.6, "error": "raises KeyError('x')"}, "60% of its inputs raise an error (raises KeyError('x'))"),
        ({"shows": False}, "return the target's own result"),
        (
            {"call_s": {10: 1e-3, 100: 1.1e-3}},
            "1 ms a call at size 10, 1.1 ms at size 100; a larger size must mean more",
        ),
        ({"call_s": {10: 1e-3}, "batch_s": {10: 1.0}}, "name two"),
        ({"batch_s": {10: BATCH_S / 50, 100: BATCH_S}}, "make the sizes larger, or the inputs quicker to make"),
        ({"call_s": {10: 1.0, 100: 4.0}}, "1 to 50 ms measure best"),
        ({"call_s": {}, "batch_s": {}, "unmeasurable": "one batch takes 90 s"}, "one batch takes 90 s"),
    ],
)
def test_each_rejection_says_what_to_do(more: dict[str, Any], reason: str | None) -> None:
    found = rejection(tried(**more), "shop.stock:merge")
    assert found is None if reason is None else reason in str(found)
    assert all(check.held for check in checks(tried(**more), "shop.stock:merge")) is (reason is None)
