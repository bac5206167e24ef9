"""What leads inputs to where a function does something else: values told, comparisons aimed at, other types tried."""

import builtins
import datetime
import importlib.util
import itertools
import random
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tools.driver.exploring import Explorer
from tools.driver.instrumented import Seen, instrument
from tools.driver.matching import put, steps_towards
from tools.driver.mutation import Mutator
from tools.driver.mutation_types import Retyping, with_nan
from tools.driver.value_kinds import kinds_of

SUBJECT = """
class Base:
    def name(self):
        return "base"

class Box(Base):
    def name(self):
        return super().name() + "!"

def sort_of(n, word, *rest, **named):
    found = [x for x in rest if x is not None and 0 < x <= n]
    text = f"{word!r:>5}" if word in ("a", "b") else word or "none"
    try:
        first, *_ = sorted(found, key=lambda x: -x)
    except ValueError as error:
        return text, str(error), named
    return text, first, [x % 2 == 0 for x in found]

def counted(n):
    total = yield n
    while n > 0:
        n -= 1
        total = yield (total, n)
"""


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[[str], ModuleType]]:
    def loaded(name: str) -> ModuleType:
        path = tmp_path / f"{name}.py"
        path.write_text(textwrap.dedent(SUBJECT))
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    yield loaded
    for name in ("__hasten_tell__", "__hasten_weigh__"):
        if hasattr(builtins, name):
            delattr(builtins, name)


def calls(module: ModuleType) -> list[Any]:
    found: list[Any] = [
        module.sort_of(*args, **named)
        for args, named in [
            ((2, "a", 1, 2, 3), {}),
            ((2, "", None), {"k": 1}),
            ((0, "c"), {}),
            ((5, "b", 5.0, True, -1), {}),
        ]
    ]
    generator = module.counted(2)
    return [*found, module.Box().name(), next(generator), generator.send("x"), list(generator)]


def test_functions_that_tell_do_what_they_did(load: Callable[[str], ModuleType]) -> None:
    plain, telling = load("plain"), load("telling")
    seen = Seen()
    assert telling.__file__ is not None
    assert instrument(seen, {telling.__file__: ["sort_of", "counted", "Box.name"]}) == 4
    assert calls(telling) == calls(plain)
    assert seen.facts


def test_a_value_of_another_sort_is_something_new(load: Callable[[str], ModuleType]) -> None:
    module, seen = load("another"), Seen()
    assert module.__file__ is not None
    instrument(seen, {module.__file__: ["sort_of"]})
    module.sort_of(2, "word", 1)
    usual = seen.facts
    seen.begin()
    module.sort_of(2, "word", 2)
    assert seen.facts - usual  # `x <= n` with equal values
    seen.begin()
    module.sort_of(2, "other", 1)
    assert not seen.facts - usual


@pytest.mark.parametrize(
    ("args", "pair", "wanted"),
    [
        ([7], ("Lt", 7, 1000), [1000]),
        ([7], ("Lt", 70, 1000), [100]),
        ([[1, 2]], ("Eq", 2, 5), [[1, 2, 1, 2, 1]]),
        ([datetime.timedelta(microseconds=5)], ("Lt", 5, 1000), [datetime.timedelta(microseconds=1000)]),
        ([2e40], ("Gt", 40, 33), [2e40 * 10.0**-7]),
        (["ab"], ("Eq", "b", "xy"), ["axy"]),
        (["ab"], ("In", "\n", "ab"), ["ab\n"]),
        ([{"k": 3}], ("Gt", 3, 4), [{"k": 4}]),
    ],
)
def test_an_argument_is_set_to_what_it_is_compared_with(args: list[Any], pair: Any, wanted: list[Any]) -> None:
    steps = [step for _, step in steps_towards(args, {}, [("somewhere", *pair)])]
    made = [put(list(args), {}, step)[0] for step in steps]
    assert wanted in made


def test_values_of_other_types_stand_where_a_caller_might_give_them() -> None:
    def made(types: str, args: list[Any], defaults: dict[Any, Any]) -> list[Any]:
        words = frozenset(types.split(","))
        return [
            Retyping(random.Random(seed), words, defaults, ["fill"]).arguments(list(args), {}) for seed in range(600)
        ]

    shown = [repr(one) for one in made("any", [1, [2, 3], "text"], {2: ("by", "text")})]
    for wanted in ("([1.0, [2, 3], 'text'], {})", "([1, (2, 3), 'text'], {})", "([1, [2, 3], None], {})",
                   "([1, [2, 3], b'text'], {})", "([1, [2, 2.0, 3], 'text'], {})"):  # fmt: skip
        assert wanted in shown
    assert any("'fill': 1" in repr(one) for one in made("any", [1], {"**": None}))
    assert not any("None" in repr(one[0][0]) for one in made("any", [1, [2, 3]], {}))
    lists = [type(args[0]) for args, _ in made("any", [["a", "b"]], {})]
    assert tuple in lists
    assert str not in lists
    assert "ab" in [args[0] for args, _ in made("any,str", [["a", "b"]], {})]
    together = [args for args, _ in made("any", ["text", str], {}) if type(args[0]) is args[1] is bytes]
    assert [b"text", bytes] in together
    assert [b"text\xff", bytes] in together
    # Types that the code says nothing of are given by no caller that is known.
    kinds = {(type(one[0][0]), type(one[0][1])) for one in made("float", [1, "text"], {})}
    assert kinds == {(float, str)}


def test_a_text_that_another_begins_with_comes_before_it_and_after_it() -> None:
    mutants = [
        Mutator(random.Random(seed), "edge").arguments([{"cat": 1, "dog": 2}, ["cat"]], {}) for seed in range(400)
    ]
    maps, lists = [list(args[0]) for args, _ in mutants], [args[1] for args, _ in mutants]
    assert ["ca", "cat", "dog"] in maps
    assert ["cat", "dog", "ca"] in maps
    assert ["ca", "cat"] in lists


def test_generators_and_iterators_give_something_else() -> None:
    def drawn(how: str, make: Callable[[], Iterator[Any]]) -> list[list[Any]]:
        return [list(Mutator(random.Random(seed), how).arguments([make()], {})[0][0]) for seed in range(200)]

    for how in ("edge", "wild"):
        assert [1, 2] in drawn(how, lambda: (n for n in (1, 2, 3)))
        assert [] in drawn(how, lambda: iter(["a"]))
    begun = (n for n in (1, 2, 3))
    next(begun)
    (same,), _ = Mutator(random.Random(0), "wild").arguments([begun], {})
    assert same is begun
    (endless,), _ = Mutator(random.Random(0), "edge").arguments([(n for n in itertools.count())], {})
    assert next(itertools.islice(endless, 300, None)) > 100


def test_one_nan_is_an_item_and_an_argument() -> None:
    for seed in range(20):
        (items, wanted), _ = with_nan(random.Random(seed), [[1, 2], 3], {}, [])
        assert any(item is wanted for item in items)
        (letters,), _ = with_nan(random.Random(seed), ["ab"], {}, [0])
        assert [item for item in letters if isinstance(item, str)] == ["a", "b"]
    assert with_nan(random.Random(0), [1, "ab"], {}, []) == ([1, "ab"], {})


class OneList:
    """Recorded calls of a function of a list."""

    varied = (True,)
    function = staticmethod(list)

    def make(self, item: list[Any], _pool: Any) -> tuple[list[Any], dict[str, Any]]:
        return [[item[1] or 0]], {}


def test_a_nan_among_integers_is_not_varied_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.driver.exploring.signal.signal", lambda *_: None)
    explorer = Explorer(OneList(), {}, 0, "")
    explorer._kept = [[0, 1, "edge>retyped NaN:5"]]
    assert not any(">" in explorer._another()[2] for _ in range(200))


def test_sorts_of_values_call_nothing_of_their_classes() -> None:
    class Hostile:
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(name)

        def __bool__(self) -> bool:
            raise AssertionError

    hostile = Hostile()
    found = kinds_of(hostile)
    assert found[0] is Hostile
    assert kinds_of([hostile, 1])
