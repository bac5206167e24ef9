"""Values as short text, Python-like, without calling anything of the target: no `__repr__`, no `__len__`, no iteration.

However large or deep a value is, a glimpse looks at few of its parts.
"""

import collections
import enum
import re
import types

from .type_slots import attributes_of, is_named, type_name

MOST_CHARACTERS = 100
MOST_ITEMS = 8
MOST_DEPTH = 3
MOST_TEXT = 120
MOST_BITS = 400
_ORDERED = (list, tuple, collections.deque)
_BRACKETS = {
    list: "[]", tuple: "()", set: "{}", frozenset: ("frozenset({", "})"), collections.deque: ("deque([", "])"),
}  # fmt: skip
_TABLES = (collections.OrderedDict, collections.defaultdict, collections.Counter)
_NAMED = (types.FunctionType, types.BuiltinFunctionType, types.MethodDescriptorType)
_MATCH = type(re.match("", ""))
_MADE_IN_PYTHON = 1 << 9
"""A flag of types: neither the interpreter nor most extensions have made it."""
_SAFE = {
    "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "decimal.Decimal", "uuid.UUID",
    "fractions.Fraction", "pathlib.PosixPath", "pathlib.PurePosixPath", "re.Pattern", "builtins.range",
    "builtins.slice", "builtins.ellipsis", "builtins.NotImplementedType",
}  # fmt: skip
"""Classes of the standard library that show themselves from plain parts of their own alone."""


def glimpse(value, most=MOST_CHARACTERS):
    """At most `most` characters; of what is longer the beginning and the end."""
    try:
        text = _text(value, MOST_DEPTH)
    except Exception:  # an object that is only half made
        text = "<%s>" % type_name(type(value))
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    if len(text) <= most:
        return text
    head = (most - 3) * 2 // 3
    return "%s ... %s" % (text[: head - 1], text[-(most - head - 4) :])


def _text(value, depth):
    kind = type(value)
    if value is None or kind in (bool, float, complex):
        return repr(value)
    if kind is int:
        return repr(value) if value.bit_length() <= MOST_BITS else "<int of %d bits>" % value.bit_length()
    if kind in (str, bytes, bytearray):
        return _written(value)
    if kind is dict or kind in _BRACKETS:
        return _container(value, kind, depth)
    if kind in _TABLES:
        return "%s(%s)" % (kind.__name__, _container(value, dict, depth))
    if is_named(kind, type_name(kind)) and type_name(kind) in _SAFE:
        return repr(value)
    if kind in _NAMED:
        return "<function %s>" % value.__name__
    if kind is _MATCH and type(value.string) in (str, bytes):
        return "<match of %s at %d>" % (_written(value.group()), value.start())
    bases = type.__dict__["__mro__"].__get__(kind)
    if type in bases:
        return "<%s>" % type_name(value)
    if types.ModuleType in bases:
        return "<module %s>" % object.__getattribute__(value, "__dict__").get("__name__")
    if enum.Enum in bases:
        return "%s.%s" % (type.__dict__["__name__"].__get__(kind), attributes_of(value, kind)[0].get("_name_"))
    if not type.__dict__["__flags__"].__get__(kind) & _MADE_IN_PYTHON and BaseException not in bases:
        return "<%s>" % type_name(kind).replace("builtins.", "")
    return _object(value, kind, bases, depth)


def _written(value):
    if len(value) <= MOST_TEXT:
        return repr(value)
    half = MOST_TEXT // 2
    return "%r ... %r (%d long)" % (value[:half], value[-half:], len(value))


def _container(value, plain, depth):
    """A container by the means of the plain type that it is or descends from."""
    size = plain.__len__(value)
    if plain is dict:
        return "{%s}" % _few("%s: %s", zip(dict.keys(value), dict.values(value)), size, depth)
    if plain in (set, frozenset) and not size:
        return plain.__name__ + "()"
    opened, closed = _BRACKETS[plain]
    tail = [plain.__getitem__(value, place) for place in (-2, -1)] if plain in _ORDERED and size > MOST_ITEMS else []
    inside = _few("%s", ((item,) for item in plain.__iter__(value)), size, depth, tail)
    return opened + inside + ("," if plain is tuple and size == 1 else "") + closed


def _few(form, rows, size, depth, tail=()):
    """The first items of a container, how many there are, and the last ones where there is a way to them."""
    if depth == 0 and size:
        return "... %d items" % size
    shown = [row for row, _ in zip(rows, range(MOST_ITEMS - 2 * len(tail)))]
    texts = [form % tuple(_text(part, depth - 1) for part in row) for row in shown]
    if size > MOST_ITEMS:
        texts.append("... %d items ..." % size)
    return ", ".join(texts + [_text(item, depth - 1) for item in tail])


def _object(value, kind, bases, depth):
    """An object by its attributes; of one that is a container or a number besides, that as well."""
    name = type.__dict__["__name__"].__get__(kind)
    attributes, _ = attributes_of(value, kind)
    parts = [_base(value, bases, depth)]
    if depth == 0:
        return name + ("(...)" if attributes else "()")
    shown = list(attributes.items())[:MOST_ITEMS]
    parts += ["%s=%s" % (key, _text(item, depth - 1)) for key, item in shown]
    if len(attributes) > len(shown):
        parts.append("... %d attributes" % len(attributes))
    return "%s(%s)" % (name, ", ".join(part for part in parts if part))


def _base(value, bases, depth):
    """What a subclass of a plain type holds, read by the plain type's own means."""
    for plain in (str, bytes, int, float):
        if plain in bases:
            made = plain.__add__(value, plain()) if plain in (str, bytes) else plain.__pos__(value)
            return _text(made if type(made) is plain else None, depth)
    for plain in (dict, *_BRACKETS):
        if plain in bases:
            return _container(value, plain, max(depth - 1, 0))
    if BaseException in bases:
        return ", ".join(_text(item, max(depth - 1, 0)) for item in BaseException.args.__get__(value))
    return ""
