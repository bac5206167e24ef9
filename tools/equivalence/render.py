"""Encoded values as short text a person can read, Python-like."""

import struct
from collections.abc import Callable, Iterable
from typing import Any

from tools.equivalence.array_text import array_text

MOST_CHARACTERS = 160
MOST_CALL_CHARACTERS = 160


def render(encoded: Any, most: int = MOST_CHARACTERS) -> str:
    """The value as text of at most `most` characters; never raises, whatever was sent."""
    try:
        text = _text(encoded)
    except (TypeError, ValueError, IndexError, KeyError, RecursionError, struct.error):
        text = str(encoded)[: most * 2]
    return text if len(text) <= most else f"{text[: most * 2 // 3]} … {text[-most // 4 :]}"


def render_call(arguments: Any, most: int = MOST_CALL_CHARACTERS) -> str:
    """Encoded (args, kwargs) as they stand between the parentheses of a call, of about `most` characters."""
    args, kwargs = arguments
    each = max(24, most // max(1, len(args) + len(kwargs)))
    parts = [render(value, each) for value in args]
    parts += [f"{name}={render(value, each)}" for name, value in kwargs.items()]
    return ", ".join(parts)


def _text(encoded: Any) -> str:
    if not isinstance(encoded, list):
        return repr(encoded)
    kind, *rest = encoded
    write = _WRITERS.get(kind)
    return write(*rest) if write else f"<{' '.join(str(part) for part in encoded)[:200]}>"


def _double(bits: str) -> float:
    value: float = struct.unpack(">d", bytes.fromhex(bits))[0]
    return value


def _object(_number: int, name: str, base: Any, attributes: dict[str, Any]) -> str:
    inside = [] if base is None else [_text(base)]
    inside += [f"{key}={_text(item)}" for key, item in attributes.items()]
    return f"{name.rpartition('.')[2]}({', '.join(inside)})"


def _dict(*rest: Any) -> str:
    return "{" + ", ".join(f"{_text(key)}: {_text(item)}" for key, item in rest[-1]) + "}"


def _container(kind: str, texts: Iterable[str]) -> str:
    items = list(texts)
    inside = ", ".join(items)
    if kind == "list":
        return f"[{inside}]"
    if kind == "tuple":
        return f"({inside},)" if len(items) == 1 else f"({inside})"
    if kind == "set" and items:
        return "{" + inside + "}"
    return f"{kind}({inside})"


def _inside(values: Any) -> str:
    """Encoded values in a list, or one encoded value."""
    if isinstance(values, list) and values and isinstance(values[0], str) and values[0] in _WRITERS:
        return _text(values)
    return _container("list", map(_text, values))


def _end(end: Any) -> str:
    """How an iterator ended, where that is worth saying."""
    if not isinstance(end, list):
        return ""
    return f", returns {_text(end[1])}" if end[0] == "stopped" else f", then raises {_text(end)}"


def _several(kind: str) -> Callable[..., str]:
    """A container's writer; what it holds is the first list that it was encoded with."""
    return lambda *rest: _container(kind, map(_text, next((part for part in rest if isinstance(part, list)), [])))


_WRITERS: dict[str, Callable[..., str]] = {
    "bool": lambda value: repr(bool(value)),
    "int": str,
    "float": lambda bits: repr(_double(bits)),
    "complex": lambda real, imaginary: repr(complex(_double(real), _double(imaginary))),
    "bytes": lambda data: repr(bytes.fromhex(data)),
    "dict": _dict,
    "object": _object,
    "exception": lambda name, items, *_: (
        f"{name.removeprefix('builtins.')}({', '.join(_text(item) for item in items)})"
    ),
    "enum": lambda name, member, *_: f"{name.rpartition('.')[2]}.{member}",
    "function": lambda name: f"<function {name}>",
    "type": lambda name: f"<class {name}>",
    "bytearray": lambda _number, data: f"bytearray({bytes.fromhex(data)!r})",
    "buffer": lambda _number, name, held, place: f"{name.rpartition('.')[2]}({_text(held)}) at {place}",
    "opaque": lambda name: f"<{name}, not looked into>",
    "gone": lambda: "(no longer there)",
    "unchanged": lambda: "(unchanged)",
    "array": array_text,
    "record": lambda _name, dtype, _shape, fields: (
        f"array of {dtype}: " + ", ".join(f"{name}={_text(values)}" for name, values in fields)
    ),
    "masked": lambda _name, data, mask, _fill: f"masked {_text(data)} where {_text(mask)}",
    "index": lambda _name, dtype, names, values: f"Index({_inside(values)}, names={_inside(names)}, dtype={dtype})",
    "series": lambda _name, name, index, values: f"Series({_text(values)}, index={_text(index)}, name={_text(name)})",
    "frame": lambda _name, columns, index, values: (
        f"DataFrame({_inside(values)}, columns={_text(columns)}, index={_text(index)})"
    ),
    "categories": lambda dtype, categories, codes, ordered: (
        f"Categorical({codes}, {_inside(categories)}, ordered={ordered}, dtype={dtype})"
    ),
    "extension": lambda _name, dtype, items: f"{_inside(items)} of {dtype}",
    "plain": lambda _name, text: str(text),
    "iterator": lambda name, items, end: (
        f"<{name.rpartition('.')[2]} of {_container('list', map(_text, items))}{_end(end)}>"
    ),
    "ref": lambda number: f"<the same object as number {number}>",
    "returned": _text,
    "raised": lambda value: f"raises {_text(value)}",
    **{kind: _several(kind) for kind in ("list", "deque", "set", "tuple", "frozenset")},
}
