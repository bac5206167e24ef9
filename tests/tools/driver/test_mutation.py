"""Fresh inputs keep the types and, when mild, the sizes of those they come from; a seed names them."""

import random
from typing import Any

import pytest

from tools.driver.mutation import Mutator, can_vary
from tools.driver.spoiling import spoil

VALUES: list[Any] = [
    7,
    -3,
    2.5,
    "select a from T1",
    b"bytes",
    [1, 2, 3],
    ("a", 1),
    {"k": 1.0, "l": [2]},
    {1, 2, 3},
    frozenset({"a"}),
    [{"a": ("b", [1])}] * 3,
]


def shape(value: Any) -> Any:
    """Types and sizes, deep."""
    if isinstance(value, list | tuple):
        return type(value), [shape(item) for item in value]
    if isinstance(value, dict):
        return dict, [(key, shape(item)) for key, item in value.items()]
    return type(value), len(value) if isinstance(value, str | bytes) else None


@pytest.mark.parametrize("value", VALUES)
def test_mild_variants_keep_types_and_sizes(value: Any) -> None:
    assert can_vary(value)
    variants = [Mutator(random.Random(seed), "mild").vary(value) for seed in range(30)]
    if not isinstance(value, set | frozenset):
        assert all(shape(variant) == shape(value) for variant in variants)
    assert any(variant != value for variant in variants)


@pytest.mark.parametrize("value", VALUES)
def test_wild_variants_keep_the_type(value: Any) -> None:
    assert all(type(Mutator(random.Random(seed), "wild").vary(value)) is type(value) for seed in range(50))


def test_a_seed_names_the_variant() -> None:
    one, other = (Mutator(random.Random(5), "wild").arguments([[1, 2], "ab"], {"k": 1}) for _ in range(2))
    assert one == other


def test_the_original_is_left_alone() -> None:
    value = [[1, 2, 3], {"a": [1]}]
    for seed in range(20):
        Mutator(random.Random(seed), "wild").vary(value)
    assert value == [[1, 2, 3], {"a": [1]}]


@pytest.mark.parametrize("value", [None, True, object(), lambda: None, [], [None], {}])
def test_what_cannot_vary_says_so_and_stays(value: Any) -> None:
    assert not can_vary(value)
    assert Mutator(random.Random(1), "mild").vary(value) == value


def test_spoiling_puts_in_nothing_that_was_not_there() -> None:
    value = [3, 1]
    assert spoil(value)
    assert value == [3, 1, 3]
    assert not spoil([])
    assert not spoil("text")
