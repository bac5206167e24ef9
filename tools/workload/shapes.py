"""From plain example values to Python that makes more like them: the text of a seeded generator."""

import re
from collections.abc import Sequence
from typing import Any

FEW = 4
"""Distinct texts up to which they count as a choice of words, not as free text."""
MOST_PIECES = 40
MOST_LITERAL_CHARACTERS = 60
PLAIN = (type(None), bool, int, float, str, bytes, list, tuple, set, frozenset, dict)


def is_plain(value: Any) -> bool:
    """Whether a value and all it holds are plain: numbers, texts, containers."""
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(is_plain(key) and is_plain(item) for key, item in value.items())
    return type(value) in PLAIN


def generator(values: Sequence[Any], *, sized: bool = True) -> str:
    """An expression over `rng` and `size` whose values are like these examples; with `sized` about `size` long."""
    kinds = {type(value) for value in values}
    if len(kinds) != 1:
        return _choice(values)
    kind = kinds.pop()
    if kind is bool:
        return "rng.random() < 0.5"
    if kind is int:
        return str(values[0]) if min(values) == max(values) else f"rng.randint({min(values)}, {max(values)})"
    if kind is float:
        finite = [value for value in values if abs(value) < 1e300]
        return f"round(rng.uniform({min(finite)!r}, {max(finite)!r}), 6)" if finite else _choice(values)
    if kind in (str, bytes):
        return _text(values, sized=sized)
    if kind is dict:
        return _mapping(values, sized=sized)
    return _sequence(kind, values, sized=sized) if kind in (list, tuple, set, frozenset) else repr(values[0])


def _text(values: Sequence[Any], *, sized: bool) -> str:
    if len(set(values)) <= FEW and all(len(value) <= MOST_LITERAL_CHARACTERS for value in values):
        longest = max(map(len, values))
        if not sized or longest <= 2 * FEW:
            return _choice(values)
    if isinstance(values[0], bytes):
        alphabet = bytes(sorted({byte for value in values for byte in value}))
        return f"bytes(rng.choices({alphabet!r}, k={_length(values, sized=sized)}))"
    pieces = [piece for value in values for piece in re.findall(r"\w+|\s+|[^\w\s]", value)]
    chosen = sorted(dict.fromkeys(pieces), key=lambda piece: (-pieces.count(piece), piece))[:MOST_PIECES]
    length = "size" if sized else _length(values, sized=False)
    return f'"".join(rng.choices({chosen!r}, k={length}))[: {length}]' if sized else _choice(values)


def _sequence(kind: type, values: Sequence[Any], *, sized: bool) -> str:
    lengths = {len(value) for value in values}
    if kind is tuple and len(lengths) == 1 and 0 < len(values[0]) <= 2 * FEW:
        parts = [generator([value[place] for value in values], sized=False) for place in range(len(values[0]))]
        return f"({', '.join(parts)},)"
    items = [item for value in values for item in value]
    item = generator(items, sized=False) if items else "rng.randint(0, 9)"
    made = f"{item} for _ in range({_length(values, sized=sized)})"
    if kind is list:
        return f"[{made}]"
    return f"{{{made}}}" if kind is set else f"{kind.__name__}({made})"


def _mapping(values: Sequence[Any], *, sized: bool) -> str:
    names = list(dict.fromkeys(key for value in values for key in value))
    if 0 < len(names) <= 3 * FEW and (len({tuple(value) for value in values}) == 1 or len(values) > len(names)):
        made = [f"{name!r}: {generator([one[name] for one in values if name in one], sized=False)}" for name in names]
        return f"{{{', '.join(made)}}}"
    pairs = [pair for value in values for pair in value.items()]
    if not pairs:
        return "{}"
    key, item = (generator([pair[place] for pair in pairs], sized=False) for place in (0, 1))
    if all(isinstance(pair[0], str) for pair in pairs):
        key = 'f"key{number}"'
    return f"{{{key}: {item} for number in range({_length(values, sized=sized)})}}"


def _length(values: Sequence[Any], *, sized: bool) -> str:
    lengths = [len(value) for value in values]
    if sized:
        return "size"
    return str(lengths[0]) if len(set(lengths)) == 1 else f"rng.randint({min(lengths)}, {max(lengths)})"


def _choice(values: Sequence[Any]) -> str:
    shown = [text for text in dict.fromkeys(map(repr, values)) if len(text) <= 4 * MOST_LITERAL_CHARACTERS][: 3 * FEW]
    shown = [text for text in shown if text not in ("nan", "inf", "-inf")]
    if len(shown) == 1:
        return shown[0]
    return f"rng.choice([{', '.join(shown)}])" if shown else "None"
