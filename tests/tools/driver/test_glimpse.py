"""Values are shown without calling anything of theirs, however large they are."""

import collections
import enum
import re
import time

from tools.driver.glimpse import glimpse


class Hostile:
    def __init__(self):
        self.name = "x"
        self.parts = [1, 2]

    def _refuse(self, *_):
        raise SystemExit("called")

    __repr__ = __str__ = __len__ = __iter__ = __bool__ = __eq__ = __getattr__ = _refuse
    __hash__ = None  # type: ignore[assignment]


class Meta(type):
    def __repr__(cls):
        raise SystemExit("called")


class OfMeta(metaclass=Meta):
    pass


class HostileList(list):  # type: ignore[type-arg]
    def __iter__(self):
        raise SystemExit("called")

    __len__ = __repr__ = __getitem__ = __iter__  # type: ignore[assignment]


class Slots:
    __slots__ = ("one", "two")

    def __init__(self):
        self.one = 1


class Colour(enum.Enum):
    RED = 1


Pair = collections.namedtuple("Pair", "left right")


# Not as parameters: pytest itself looks at those.
SHOWN = [
    (None, "None"),
    ([1, "a", (2,)], "[1, 'a', (2,)]"),
    ({"a": {1}}, "{'a': {1}}"),
    (list(range(100)), "[0, 1, 2, 3, ... 100 items ..., 98, 99]"),
    (Hostile(), "Hostile(name='x', parts=[1, 2])"),
    (HostileList([1, 2]), "HostileList([1, 2])"),
    (Slots(), "Slots(one=1)"),
    (Colour.RED, "Colour.RED"),
    (Pair(1, 2), "Pair((1, 2))"),
    (ValueError("no", 1), "ValueError('no', 1)"),
    (re.match("a+", "aab"), "<match of 'aa' at 0>"),
    (collections.Counter("aab"), "Counter({'a': 2, 'b': 1})"),
    ((number for number in ()), "<generator>"),
]


def test_values_as_text():
    for value, text in SHOWN:
        assert glimpse(value) == text


def test_classes_of_hostile_metaclasses():
    assert "OfMeta" in glimpse(OfMeta)
    assert glimpse(OfMeta()) == "OfMeta()"


def test_what_is_large_or_deep_costs_little_and_is_cut():
    deep = inner = []
    for _ in range(5000):
        inner.append([])
        inner = inner[0]
    huge = [deep, "a" * 10**7, [0] * 10**6, 10**5000, HostileList(range(10**6)), dict.fromkeys(range(10**6))]
    began = time.process_time()
    texts = [glimpse(value) for value in huge for _ in range(20)]
    assert time.process_time() - began < 1.0
    assert max(map(len, texts)) <= 100
    assert "10000000 long" in texts[20]
