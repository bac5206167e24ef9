"""How two values that should be the same are not, as far as their text tells."""

import ast
import math
import re
from collections.abc import Iterable
from enum import StrEnum

ROUNDING = 1e-6
"""Floats nearer than this, as a fraction, differ by rounding."""
_TRUNCATED = "…"


class Mismatch(StrEnum):
    """In what they differ."""

    FORM = "form"
    """The same content in another type, order or spelling."""
    ROUNDING = "rounding"
    VALUE = "value"


def mismatch(wanted: str, given: str) -> Mismatch:
    """What the text of two values shows; of texts that are no literals, only their first characters are compared."""
    try:
        one, other = ast.literal_eval(wanted.strip()), ast.literal_eval(given.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return Mismatch.FORM if _other_kind(wanted.strip(), given.strip()) else Mismatch.VALUE
    if _rounded(one, other):
        return Mismatch.ROUNDING
    return Mismatch.FORM if _same_content(one, other) else Mismatch.VALUE


def _rounded(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=ROUNDING)
    if type(one) is type(other) and isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(
            left == right or _rounded(left, right) for left, right in zip(one, other, strict=True)
        )
    return False


def _same_content(one: object, other: object) -> bool:
    """Whether only type, order, case or blanks differ."""
    if one is None or other is None:
        return False
    if isinstance(one, str | bytes) and isinstance(other, str | bytes):
        return _letters(one) == _letters(other)
    if isinstance(one, list | tuple | set | frozenset | dict) and isinstance(
        other, list | tuple | set | frozenset | dict
    ):
        return type(one) is not type(other) or _sorted(one) == _sorted(other)
    return type(one) is not type(other)


def _letters(text: str | bytes) -> str:
    plain = text if isinstance(text, str) else text.decode("latin-1")
    return re.sub(r"\W", "", plain).lower()


def _sorted(items: Iterable[object]) -> list[str]:
    return sorted(map(repr, items))


def _other_kind(wanted: str, given: str) -> bool:
    if "None" in (wanted, given):
        return False
    return _kind(wanted) != _kind(given)


def _kind(text: str) -> str:
    """What a value's text begins with: a bracket, a quote, a number, a name."""
    first = text[:1]
    if first.isdigit() or first == "-":
        return "number"
    if first == "<":
        return text.partition(" ")[0]
    name = re.match(r"[^\W\d_]\w*", text)
    return name.group() if name else first
