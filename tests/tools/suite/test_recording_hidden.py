"""Calls of functions that hide behind private names and descriptors, and arguments that pickle alone refuses."""

from tools.profile.source import SourceIndex
from tools.workload.recording import Wanted

HIDDEN = """
import functools

def sentinel(name):
    class Sentinel:
        def __repr__(self):
            return name
    return Sentinel()

UNSET = sentinel("UNSET")
MISSING = object()

class Lazy:
    def __init__(self, compute):
        self.compute = compute
    def __get__(self, value, owner=None):
        return self.compute(value)

class Shelf:
    def __init__(self, items):
        self.items = items
    def __count(self):
        return len(self.items)
    def count(self):
        return self.__count()
    def _first(self):
        return self.items[0]
    first = Lazy(_first)
    del _first

def bare(function):
    return lambda *args: function(*args)

@bare
def twice(value):
    return value * 2

def get(table, key, default=UNSET, other=MISSING):
    if default is UNSET and other is MISSING and key not in table:
        raise KeyError(key)
    return table.get(key, default)

def apply(function, values):
    return [function(value) for value in values]
"""
TESTS = """
import pytest
from shop import hidden

def test_all():
    shelf = hidden.Shelf([3, 1])
    assert (shelf.count(), shelf.first, hidden.twice(4)) == (2, 3, 8)
    with pytest.raises(KeyError):
        hidden.get({}, "a")
    step = 2
    assert hidden.apply(lambda value: value + step, [1]) == [3]
    assert hidden.apply(str, (n for n in [step])) == ["2"]
"""


def test_what_hides_is_recorded(projects, run):
    tree = projects({"shop/hidden.py": HIDDEN, "test_it.py": TESTS})
    lines = {span.qualname: span.first_line for span in SourceIndex(tree).spans("shop/hidden.py")}
    names = ["Shelf.__count", "Shelf._first", "twice", "get", "apply"]
    wanted = [Wanted(module="shop.hidden", qualname=name, path="shop/hidden.py", line=lines[name]) for name in names]
    found = run(tree, mode="record", record=wanted)
    assert [(case.outcome, case.message) for case in found.report.cases] == [("passed", "")]
    recorded = {one.qualname: (one.steps, len(one.calls), one.reasons) for one in found.recordings}
    assert recorded == {
        "Shelf.__count": (("Shelf", "_Shelf__count"), 1, ()),
        "Shelf._first": (("Shelf", "first", "compute"), 1, ()),
        "twice": (("twice", "cell function"), 1, ()),
        "get": (("get",), 1, ()),
        "apply": (("apply",), 2, ()),
    }
