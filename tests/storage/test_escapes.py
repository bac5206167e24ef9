"""Whatever text and whatever number comes in comes out the same, and what is stored is text that any database takes."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.escapes import MARK, escape, from_json, to_json, unescape

ANY = st.text(st.characters(exclude_categories=()) | st.sampled_from(["\0", MARK, "\ud83d", "\ude00", "0", "f"]))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY, inner, max_size=4),
    max_leaves=12,
)


@given(ANY)
def test_any_text_comes_back(text: str) -> None:
    stored = escape(text)
    assert unescape(stored) == text
    assert "\0" not in stored
    stored.encode()


@given(PLAIN)
def test_any_plain_value_comes_back(value: object) -> None:
    stored = to_json(value)
    assert from_json(stored) == value
    assert from_json(stored.encode()) == value
    assert "\\u0000" not in stored.replace("\\\\", "")
    assert stored.isascii()


@pytest.mark.parametrize("text", ["inf", "nan", f"{MARK}inf", f"{MARK}nan", f"{MARK}{MARK}-inf"])
def test_a_text_is_no_number(text: str) -> None:
    assert from_json(to_json([text, math.inf])) == [text, math.inf]


def test_no_number_comes_back_as_none() -> None:
    back = from_json(to_json({"a": [math.nan, -math.inf]}))
    assert math.isnan(back["a"][0])
    assert back["a"][1] == -math.inf
    json.loads(to_json([math.nan]), parse_constant=pytest.fail)


def test_what_was_stored_before_is_read() -> None:
    assert from_json('{"a": [Infinity, "\\u0000", "é"]}') == {"a": [math.inf, "\0", "é"]}
