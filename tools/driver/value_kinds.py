"""What sort of value one is, coarsely: which edges it is at. Two inputs that show the same sorts teach the same."""

import math

_PLAIN = (int, float, str, bytes)
_SIZED = (list, tuple, set, frozenset, dict)
MOST_ITEMS = 40


def kinds_of(value):
    """Some small hashable facts of a value; nothing of a class of the target is called."""
    kind = type(value)
    if value is None or kind is bool:
        return (value,)
    if kind is int:
        return (("int", value) if -3 < value < 4 else ("int", value > 0, min(value.bit_length() // 4, 17)),)
    if kind is float:
        return (_float(value),)
    if kind is str:
        return _text(value)
    if kind in (bytes, bytearray):
        return (kind, min(len(value), 3)), (kind, "beyond ASCII", any(code > 127 for code in value[:MOST_ITEMS]))
    if kind in _SIZED:
        return _container(value, kind)
    return (kind,)


def relation(one, other):
    """How two plain values stand to each other: less, one less, equal, one more, more, equal but of other types."""
    kinds = type(one), type(other)
    if kinds[0] is bool or kinds[1] is bool or not (kinds[0] in _PLAIN and kinds[1] in _PLAIN):
        return kinds if len(set(kinds)) > 1 else _sizes(one, other)
    if kinds[0] in (int, float) and kinds[1] in (int, float):
        if one == other:
            return "equal", kinds[0] is kinds[1]
        return one < other, abs(one - other) <= 1, one != one or other != other  # noqa: PLR0124
    if kinds[0] is not kinds[1]:
        return kinds
    return "equal" if one == other else (one < other, one[:1] == other[:1], one[-1:] == other[-1:])


def _sizes(one, other):
    if type(one) in _SIZED:
        return type(one), (len(one) > len(other)) - (len(one) < len(other))
    return type(one), one is other


def _float(value):
    if value != value:  # noqa: PLR0124
        return "nan"
    if value in (math.inf, -math.inf, 0.0, 1.0, -1.0):
        return str(value)
    size = min(abs(int(math.log10(abs(value)))) if value else 0, 20)
    return "float", value > 0, size, value == int(value), value * 2 == int(value * 2)


def _text(value):
    return (
        ("length", min(len(value), 4)),
        ("first", _letter(value[:1])),
        ("last", _letter(value[-1:])),
        ("ASCII", value.isascii(), "\n" in value, "\n\n" in value, " " in value),
        ("case", value.isupper(), value.islower(), value.isdigit()),
        ("blank", value.isspace(), value[:1] == value[-1:], "  " in value, "\n \n" in value),
    )


def _letter(letter):
    if not letter or not letter.isascii():
        return letter and (letter.isalpha(), letter.isspace(), letter.isdigit(), len(letter.lower()), letter.isupper())
    return letter.islower() if letter.isalpha() else "digit" if letter.isdigit() else letter


def _container(value, kind):
    items = list(value)[:MOST_ITEMS]
    found = [(kind, min(len(value), 5))]
    if not items:
        return found
    types = [type(item) for item in items]
    found.append((kind, "of", types[0] if len(set(types)) == 1 else len(set(types))))
    found += [(kind, "ends", types[0], _falsy(items[0])), (kind, "ends", types[-1], _falsy(items[-1]))]
    if all(one in (int, float, str) for one in types):
        comparable = len(set(types)) == 1 or str not in types
        found.append((kind, "repeats", len(set(items)) < len(items), len(set(items)) == 1))
        found.append((kind, "mixed ties", len({(type(item), item) for item in items}) > len(set(items))))
        if comparable:
            found.append((kind, "order", items == sorted(items), items == sorted(items, reverse=True)))
            found.append((kind, "NaN", any(item != item for item in items)))  # noqa: PLR0124
    elif all(one in _SIZED for one in types):
        lengths = [len(item) for item in items]
        found.append((kind, "lengths", min(lengths) == 0, len(set(lengths)) == 1, lengths == sorted(lengths)))
    return found


def _falsy(item):
    return type(item) in (*_PLAIN, bool, *_SIZED) and not item
