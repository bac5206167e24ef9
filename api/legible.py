"""Text of others, made safe to show: what would move, hide or reverse it is written out."""

import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LONGEST = 240
"""Characters of a sentence in a table; `show --candidate` has it whole."""


def shown(text: str) -> str:
    """Text of others, safe on a terminal: control and direction characters are written out; newlines and tabs stay."""
    return "".join(_written_out(mark) if _is_unsafe(mark) else mark for mark in text)


def line(text: str) -> str:
    """The same on one line."""
    return " ".join(shown(text).split())


def short(text: str) -> str:
    """The same on one line of a bearable length."""
    text = line(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _is_unsafe(mark: str) -> bool:
    return (unicodedata.category(mark) == "Cc" and mark not in "\n\t") or mark in _BIDI


def _written_out(mark: str) -> str:
    return mark.encode("unicode_escape").decode("ascii")
