"""Text and numbers that a database refuses or changes, written so that they read back the same.

Hostile output may hold anything: PostgreSQL takes no NUL in a text, no database takes half of a surrogate pair, and
JSON has no infinity. Each such character is written as `MARK` and its four hexadecimal digits, in text and in JSON.
"""

import json
import math
import re
from typing import Any

MARK = "\ufdd0"
"""A code point that Unicode assigns to no character, for the use of programs; escaped itself."""

_ODD = re.compile(f"[\0{MARK}\ud800-\udfff]")
_ESCAPED = re.compile(f"{MARK}([0-9a-f]{{4}})")
_NUMBERS = {f"{MARK}{name}": float(name) for name in ("inf", "-inf", "nan")}
_IN_JSON = json.dumps(MARK)[1:-1]


def escape(text: str) -> str:
    """The text as every database takes it."""
    return _ODD.sub(lambda found: f"{MARK}{ord(found[0]):04x}", text)


def unescape(text: str) -> str:
    """The inverse of `escape`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if MARK in text else text


def to_json(value: Any) -> str:
    """JSON in ASCII of plain values; what JSON or a database cannot hold is escaped."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    except ValueError:  # infinity, or no number
        return json.dumps(_escaped(value), allow_nan=False)
    if "\\u0000" in text or _ODD.search(text):
        return json.dumps(_escaped(value), allow_nan=False)
    return text if text.isascii() else json.dumps(value)


def from_json(text: str | bytes) -> Any:
    """The inverse of `to_json`; reads any other JSON as well, also with Python's own infinity."""
    known = text if isinstance(text, str) else text.decode()
    value = json.loads(known)
    return _unescaped(value) if _IN_JSON in known or MARK in known else value


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, float) and not math.isfinite(value):
        return f"{MARK}{value}"
    if isinstance(value, dict):
        return {escape(key) if isinstance(key, str) else key: _escaped(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_escaped(item) for item in value]
    return value


def _unescaped(value: Any) -> Any:
    if isinstance(value, str):
        return _NUMBERS[value] if value in _NUMBERS else unescape(value)
    if isinstance(value, dict):
        return {unescape(key): _unescaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unescaped(item) for item in value]
    return value
