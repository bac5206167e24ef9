"""Digests of what candidates compute: 24 bits of a float count, everything else counts whole."""

import math
import struct
from typing import Any

import pytest

from tools.equivalence.cases import Case
from tools.equivalence.functional import functional_digest, round_mantissa, rounded
from tools.equivalence.observe import Observed
from tools.equivalence.remembered import exact_digest


def observed(value: Any, digest: str = "d") -> Observed:
    """One side that returned an encoded value in its only case."""
    seen = [{"returned": ["returned", value], "arguments": [[], {}], "effects": {}}]
    return Observed(answers={0: {"digest": digest, "seen": seen, "seconds": 0.1, "raised": False, "state": {}}})


def encoded(value: float) -> list[str]:
    return ["float", struct.pack(">d", value).hex()]


def digest(value: Any) -> str:
    return functional_digest([Case(item=(0, None, None), shared=True)], observed(value))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.0, 1.0 + 1e-9, True),
        (1e300, 1e300 * (1 + 1e-9), True),
        (-0.1, -0.1 - 1e-10, True),
        (0.0, -0.0, True),
        (math.nan, -math.nan, True),
        (1.0, 1.0 + 1e-6, False),
        (5e-324, 1e-323, False),
        (math.inf, -math.inf, False),
        (math.inf, 1.7976931348623157e308, False),
    ],
)
def test_what_24_bits_tell_apart(one: float, other: float, same: bool) -> None:
    assert (digest(["list", 0, [encoded(one)]]) == digest(["list", 0, [encoded(other)]])) is same


def test_types_order_and_texts_that_look_like_floats_count() -> None:
    values: list[Any] = [1, "1", encoded(1.0), ["bool", 1], ["tuple", ["float", "1.0"]], ["tuple", ["1.0", "float"]]]
    assert len({digest(value) for value in values}) == len(values)


def test_arrays_are_rounded_item_by_item() -> None:
    def array(*values: float) -> list[Any]:
        data = struct.pack(f"<{len(values)}d", *values).hex()
        return ["array", "numpy.ndarray", "<f8", [len(values)], data, True]

    assert rounded(array(1.0, 2.0)) == rounded(array(1.0, 2.0 + 1e-9))
    assert rounded(array(1.0, 2.0)) != rounded(array(2.0, 1.0))


def test_only_shared_inputs_count_and_all_of_them_must_have_been_met() -> None:
    cases = [Case(item=(0, None, None), shared=True), Case(item=(1, 5, "wild"))]
    one, other = observed(1), observed(1)
    other.answers[1] = observed(2).answers[0]
    assert functional_digest(cases, one) == functional_digest(cases, other) != ""
    assert functional_digest([*cases, Case(item=(2, None, None), shared=True)], one) == ""


def test_the_digest_that_is_reused_rounds_nothing() -> None:
    assert exact_digest(observed(1, "d")) == exact_digest(observed(1, "d"))
    assert exact_digest(observed(1, "d")) != exact_digest(observed(1, "e"))
    died = observed(1, "d")
    died.deaths[1] = "ran out of time"
    assert exact_digest(observed(1, "d")) != exact_digest(died)


def test_rounding_keeps_what_fits() -> None:
    assert round_mantissa(0.5) == 0.5
    assert round_mantissa(float(2**24 - 1)) == 2**24 - 1
    assert round_mantissa(1 / 3) != 1 / 3
