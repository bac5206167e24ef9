"""Values as plain JSON that two processes can be compared by: type names, structure and bit patterns.

Nothing of the value's own class is ever called: no __eq__, __repr__, __reduce__, __iter__ (except to drain iterators,
which is what they are for), so a class cannot talk its way past the comparison.

    null, 5, "text"                themselves (exact types only); ["bool", 1], for in JSON's readers true equals 1
    ["float", "<16 hex digits>"]   IEEE-754 bits; ["complex", re, im]; ["bytes", hex]; ["int", hex] beyond 64 bits
    ["list", n, [...]]             n numbers mutable containers and objects as they are met, arguments first,
    ["ref", n]                     so that aliasing is part of the value
    ["tuple", [...]] ["set", n, [...sorted]] ["frozenset", [...]] ["dict", n, [[k, v], ...in order]]
    ["object", n, type, base, {attribute: value}]
    ["iterator", type, [...], end] drained, with how it ended: "end", "more", an exception or ["stopped", value]
    ["exception", type, [arguments], {attribute: value}, [type of each cause], 1 or 0]
                                   the last: whether a `raise` in Python code made it, not an operation or a C function
    ["buffer", n, type, contents, position]
    ["opaque", type] where nothing can be looked into; of NumPy and pandas: see `library_encoding.py`
"""

import collections
import enum
import io
import opcode
import random
import struct
import types
import zlib

from .library_encoding import encode_library
from .type_slots import attributes_of, is_named, names_of, type_name

MOST_NODES = 2_000_000
MOST_DRAINED = 100_000
MOST_DRAINED_BYTES = 8 << 20
"""Of plain items, for what doubles its last item without end."""
MOST_CAUSES = 8

_PLAIN = {
    "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "datetime.timezone",
    "decimal.Decimal", "fractions.Fraction", "uuid.UUID", "pathlib.PosixPath", "pathlib.PurePosixPath",
    "re.Pattern", "builtins.range", "builtins.slice", "builtins.ellipsis", "builtins.NotImplementedType",
    "ipaddress.IPv4Address", "ipaddress.IPv6Address", "zoneinfo.ZoneInfo",
}  # fmt: skip
_BASES = (dict, list, tuple, set, frozenset, collections.deque, str, bytes, bytearray, int, float, complex)
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodDescriptorType,
              types.WrapperDescriptorType, types.MethodWrapperType)  # fmt: skip
_RAISE = opcode.opmap["RAISE_VARARGS"]
_VIEWS = (type({}.keys()), type({}.values()), type({}.items()))


class TooLarge(Exception):
    """The value has more parts than a comparison is worth."""


BEYOND = (TooLarge, RecursionError, MemoryError)
"""How a call ends that says more of this process's limits than of the code."""


class Encoder:
    """Encodes several values of one call, so that what they share is seen."""

    def __init__(self, most=MOST_NODES):
        self._most = most
        self.drawn = MOST_DRAINED
        """At most so many items are drawn from whatever is lazy."""
        self._numbers = {}
        self._keep = []
        self._nodes = 0
        self._raising = set()
        self.opaque = set()
        """Names of the types that could not be looked into."""
        self._exact = {
            bool: lambda value: ["bool", int(value)],
            float: lambda value: ["float", _bits(value)],
            complex: lambda value: ["complex", _bits(value.real), _bits(value.imag)],
            bytes: lambda value: ["bytes", value.hex()],
            tuple: lambda value: ["tuple", [self.encode(item) for item in value]],
            frozenset: lambda value: ["frozenset", self._sorted(value)],
            list: self._list, dict: self._dict, set: self._set, bytearray: self._bytearray,
            collections.deque: self._deque,
        }  # fmt: skip

    def encode(self, value):
        """One value, deep; raises TooLarge, RecursionError."""
        kind = type(value)
        self._nodes += 1
        if self._nodes > self._most:
            raise TooLarge("more than %d parts" % self._most)
        if value is None or kind is str:
            return value
        if kind is int:
            return value if -(1 << 63) <= value < 1 << 63 else ["int", hex(value)]
        encode = self._exact.get(kind)
        return encode(value) if encode else self._other(value, kind)

    def number(self, value):
        """(its number, whether it was met before)."""
        known = self._numbers.get(id(value))
        if known is not None:
            return known, True
        number = self._numbers[id(value)] = len(self._numbers)
        self._keep.append(value)
        return number, False

    def _list(self, value):
        number, met = self.number(value)
        return ["ref", number] if met else ["list", number, [self.encode(item) for item in value]]

    def _dict(self, value):
        number, met = self.number(value)
        if met:
            return ["ref", number]
        return ["dict", number, [[self.encode(key), self.encode(item)] for key, item in dict.items(value)]]

    def _set(self, value):
        number, met = self.number(value)
        return ["ref", number] if met else ["set", number, self._sorted(value)]

    def _bytearray(self, value):
        number, met = self.number(value)
        return ["ref", number] if met else ["bytearray", number, bytes(value).hex()]

    def _deque(self, value):
        number, met = self.number(value)
        return ["ref", number] if met else ["deque", number, [self.encode(item) for item in value], value.maxlen]

    def _sorted(self, value):
        return sorted((self.encode(item) for item in value), key=_order)

    def _other(self, value, kind):  # noqa: PLR0912
        name = type_name(kind)
        if issubclass(kind, type):
            return ["type", type_name(value)]
        if name in _PLAIN and is_named(kind, name):
            return ["plain", name, repr(value)]
        if kind is memoryview:
            return ["plain", name, value.tobytes().hex()]
        if issubclass(kind, enum.Enum):
            return [
                "enum",
                name,
                self.encode(object.__getattribute__(value, "_name_")),
                self.encode(_enum_value(value)),
            ]
        if issubclass(kind, _FUNCTIONS):
            qualname = getattr(value, "__qualname__", "?")
            if "<locals>" in qualname:
                self.opaque.add("a function made by a function")
            return ["function", "%s.%s" % (getattr(value, "__module__", None), qualname)]
        if issubclass(kind, types.ModuleType):
            return ["module", types.ModuleType.__getattribute__(value, "__name__")]
        if issubclass(kind, BaseException):
            return self.exception(value)
        special = encode_library(self, value, kind, name)
        if special is not None:
            return special
        if kind in (io.StringIO, io.BytesIO):
            return self._buffer(value, name)
        if kind is types.AsyncGeneratorType:
            number, met = self.number(value)
            return ["ref", number] if met else self._drain(_awaited_items(value, self.drawn), name)
        if kind is types.GeneratorType or ("__next__" in names_of(kind) and "__iter__" in names_of(kind)):
            number, met = self.number(value)
            return ["ref", number] if met else self._drain(value, name)
        if kind in _VIEWS:
            return ["view", name, [self.encode(item) for item in value]]
        if isinstance(value, random.Random) and kind is not random.SystemRandom:
            return ["plain", name, zlib.crc32(repr(random.Random.getstate(value)).encode())]
        return self._object(value, kind, name)

    def _buffer(self, value, name):
        number, met = self.number(value)
        if met or value.closed:
            return ["ref", number] if met else ["plain", name, "closed"]
        return ["buffer", number, name, self.encode(value.getvalue()), value.tell()]

    def _drain(self, value, name):
        items, held_bytes = [], 0
        end = "end"
        try:
            while True:
                if len(items) >= self.drawn or held_bytes > MOST_DRAINED_BYTES:
                    end = "more"
                    break
                items.append(self.encode(item := next(value)))
                held_bytes += _plain_bytes(item)
        except StopIteration as stop:
            if stop.value is not None:
                end = ["stopped", self.encode(stop.value)]
        except BEYOND:
            raise
        except Exception as error:
            end = self.exception(error)
        return ["iterator", name, items, end]

    def exception(self, error):
        """An exception: its type, its arguments and attributes, and what it was raised from.

        What was being handled besides (`__context__`) is left out: it follows from how code looks things up.
        """
        kind = type(error)
        if id(error) in self._raising:
            return ["exception", type_name(kind), [], {}, [], 1]
        self._raising.add(id(error))
        arguments = BaseException.args.__get__(error)
        attributes, _ = attributes_of(error, kind)
        if issubclass(kind, OSError):
            attributes["filename"] = OSError.filename.__get__(error)
        causes = []
        cause = BaseException.__cause__.__get__(error)
        while cause is not None and len(causes) < MOST_CAUSES:
            causes.append(type_name(type(cause)))
            cause = BaseException.__cause__.__get__(cause)
        arguments = [self.encode(item) for item in arguments]
        attributes = {key: self.encode(attributes[key]) for key in sorted(attributes)}
        self._raising.discard(id(error))
        return ["exception", type_name(kind), arguments, attributes, causes, _by_raise(error)]

    def _object(self, value, kind, name):
        number, met = self.number(value)
        if met:
            return ["ref", number]
        base = None
        for plain in _BASES:
            if isinstance(value, plain):
                base = self._base(value, plain)
                break
        attributes, readable = attributes_of(value, kind)
        if not readable and base is None:
            self.opaque.add(name)
            return ["opaque", name]
        return ["object", number, name, base, {key: self.encode(attributes[key]) for key in sorted(attributes)}]

    def _base(self, value, plain):
        if plain is dict:
            # An ordered one keeps its order apart: `move_to_end` is not seen by `dict.items`.
            items = collections.OrderedDict.items if isinstance(value, collections.OrderedDict) else dict.items
            return ["dict", [[self.encode(key), self.encode(item)] for key, item in items(value)]]
        if plain in (set, frozenset):
            return [plain.__name__, self._sorted(plain.__iter__(value))]
        if plain in (list, tuple, collections.deque):
            return [plain.__name__, [self.encode(item) for item in plain.__iter__(value)]]
        if plain is str:
            return str.__str__(value) if type(str.__str__(value)) is str else "".join(str.__iter__(value))
        if plain is int:
            return self.encode(int.__int__(value))
        if plain is float:
            return self.encode(float.__float__(value))
        if plain is complex:
            return ["complex", _bits(value.real), _bits(value.imag)]
        return [plain.__name__, bytes(memoryview(value)).hex()]


def _awaited_items(source, most):
    """What an asynchronous generator yields, and how it ended, as a generator of the usual kind."""
    # Imported when first needed: every process would pay for it otherwise.
    import asyncio

    items = []
    if not most:
        return

    async def drain():
        async for item in source:
            items.append(item)
            if len(items) >= most:
                return None

    try:
        asyncio.run(drain())
    except Exception as error:
        yield from items
        raise error
    yield from items


def _by_raise(error):
    """1 where a `raise` made the exception or it was never raised; 0 where an operation or a C function did."""
    trace = BaseException.__traceback__.__get__(error)
    if trace is None:
        return 1
    while trace.tb_next is not None:
        trace = trace.tb_next
    return int(trace.tb_frame.f_code.co_code[trace.tb_lasti] == _RAISE)


def _enum_value(value):
    return object.__getattribute__(value, "_value_")


def _bits(value):
    return struct.pack(">d", value).hex()


def _plain_bytes(item):
    kind = type(item)
    return item.bit_length() >> 3 if kind is int else len(item) if kind in (str, bytes) else 0


def _order(encoded):
    return str(encoded)
