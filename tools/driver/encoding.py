"""Values as plain JSON that two processes can be compared by: type names, structure and bit patterns.

Nothing of the value's own class is ever called: no __eq__, __repr__, __reduce__, __iter__ (except to drain iterators,
which is what they are for), so a class cannot talk its way past the comparison.

    null, 5, "text"                themselves (exact types only); ["bool", 1], for in JSON's readers true equals 1
    ["float", "<16 hex digits>"]   IEEE-754 bits; ["complex", re, im]; ["bytes", hex]; ["int", hex] beyond 64 bits
    ["list", n, [...]]             n numbers mutable containers and objects as they are met, arguments first,
    ["ref", n]                     so that aliasing is part of the value
    ["tuple", [...]] ["set", n, [...sorted]] ["frozenset", [...]] ["dict", n, [[k, v], ...in order]]
    ["object", n, type, base, {attribute: value}]
    ["iterator", type, [...], end] drained, with how it ended
    ["array", type, dtype, shape, hex]   NumPy; ["opaque", type] where nothing can be looked into
"""

import collections
import enum
import struct
import types

MOST_NODES = 2_000_000
MOST_DRAINED = 100_000

_PLAIN = {
    "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "datetime.timezone",
    "decimal.Decimal", "fractions.Fraction", "uuid.UUID", "pathlib.PosixPath", "pathlib.PurePosixPath",
    "re.Pattern", "builtins.range", "builtins.slice", "builtins.ellipsis", "builtins.NotImplementedType",
    "ipaddress.IPv4Address", "ipaddress.IPv6Address", "zoneinfo.ZoneInfo", "builtins.memoryview",
}  # fmt: skip
_BASES = (dict, list, tuple, set, frozenset, collections.deque, str, bytes, bytearray, int, float, complex)
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodDescriptorType,
              types.WrapperDescriptorType, types.MethodWrapperType)  # fmt: skip


class TooLarge(Exception):
    """The value has more parts than a comparison is worth."""


def type_name(kind):
    """`module.qualname` by the type's own slots, past any metaclass."""
    try:
        module = type.__dict__["__module__"].__get__(kind)
        return "%s.%s" % (module, type.__dict__["__qualname__"].__get__(kind))
    except AttributeError:
        return "?." + type.__dict__["__name__"].__get__(kind)


class Encoder:
    """Encodes several values of one call, so that what they share is seen."""

    def __init__(self):
        self._numbers = {}
        self._keep = []
        self._nodes = 0
        self.opaque = 0
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
        if self._nodes > MOST_NODES:
            raise TooLarge("more than %d parts" % MOST_NODES)
        if value is None or kind is str:
            return value
        if kind is int:
            return value if -(1 << 63) <= value < 1 << 63 else ["int", hex(value)]
        encode = self._exact.get(kind)
        return encode(value) if encode else self._other(value, kind)

    def _number(self, value):
        """(its number, whether it was met before)."""
        known = self._numbers.get(id(value))
        if known is not None:
            return known, True
        number = self._numbers[id(value)] = len(self._numbers)
        self._keep.append(value)
        return number, False

    def _list(self, value):
        number, met = self._number(value)
        return ["ref", number] if met else ["list", number, [self.encode(item) for item in value]]

    def _dict(self, value):
        number, met = self._number(value)
        if met:
            return ["ref", number]
        return ["dict", number, [[self.encode(key), self.encode(item)] for key, item in dict.items(value)]]

    def _set(self, value):
        number, met = self._number(value)
        return ["ref", number] if met else ["set", number, self._sorted(value)]

    def _bytearray(self, value):
        number, met = self._number(value)
        return ["ref", number] if met else ["bytearray", number, bytes(value).hex()]

    def _deque(self, value):
        number, met = self._number(value)
        return ["ref", number] if met else ["deque", number, [self.encode(item) for item in value], value.maxlen]

    def _sorted(self, value):
        return sorted((self.encode(item) for item in value), key=_order)

    def _other(self, value, kind):
        name = type_name(kind)
        if isinstance(value, type):
            return ["type", type_name(value)]
        if name in _PLAIN:
            return ["plain", name, repr(value) if kind is not memoryview else bytes(value).hex()]
        if issubclass(kind, enum.Enum):
            return ["enum", name, self.encode(object.__getattribute__(value, "_name_"))]
        if isinstance(value, _FUNCTIONS):
            module = getattr(value, "__module__", None)
            return ["function", "%s.%s" % (module, getattr(value, "__qualname__", "?"))]
        if isinstance(value, types.ModuleType):
            return ["module", value.__name__]
        special = self._library(value, kind, name)
        if special is not None:
            return special
        if isinstance(value, types.GeneratorType) or ("__next__" in _names(kind) and "__iter__" in _names(kind)):
            number, met = self._number(value)
            return ["ref", number] if met else self._drain(value, name)
        if isinstance(value, (type({}.keys()), type({}.values()), type({}.items()))):
            return ["view", name, [self.encode(item) for item in value]]
        return self._object(value, kind, name)

    def _drain(self, value, name):
        items = []
        end = "end"
        try:
            for item in value:
                items.append(self.encode(item))
                if len(items) >= MOST_DRAINED:
                    end = "more"
                    break
        except Exception as error:
            end = self.exception(error)
        return ["iterator", name, items, end]

    def exception(self, error):
        """An exception: its type, its arguments, what it says."""
        arguments = BaseException.args.__get__(error)
        return ["exception", type_name(type(error)), [self.encode(item) for item in arguments]]

    def _library(self, value, kind, name):
        if name == "numpy.ndarray":
            number, met = self._number(value)
            if met:
                return ["ref", number]
            if value.dtype.hasobject:
                items = [self.encode(item) for item in value.ravel().tolist()]
                return ["array", name, value.dtype.str, list(value.shape), items]
            return ["array", name, value.dtype.str, list(value.shape), value.tobytes().hex()]
        if name.startswith("numpy.") and hasattr(kind, "dtype") and hasattr(kind, "tobytes"):
            return ["array", name, value.dtype.str, [], value.tobytes().hex()]
        if name.startswith("pandas.") and name.endswith("DataFrame"):
            columns = [[self.encode(label), self.encode(value[label].to_numpy())] for label in value.columns]
            return ["frame", name, self.encode(value.index.to_numpy()), columns]
        if name.startswith("pandas.") and hasattr(kind, "to_numpy"):
            return ["series", name, self.encode(getattr(value, "name", None)), self.encode(value.to_numpy())]
        if isinstance(value, BaseException):
            return self.exception(value)
        return None

    def _object(self, value, kind, name):
        number, met = self._number(value)
        if met:
            return ["ref", number]
        base = None
        for plain in _BASES:
            if isinstance(value, plain):
                base = self._base(value, plain)
                break
        attributes, readable = _attributes(value, kind)
        if not readable and base is None:
            self.opaque += 1
            return ["opaque", name]
        return ["object", number, name, base, {key: self.encode(attributes[key]) for key in sorted(attributes)}]

    def _base(self, value, plain):
        if plain is dict:
            return ["dict", [[self.encode(key), self.encode(item)] for key, item in dict.items(value)]]
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


def _names(kind):
    names = set()
    for base in type.mro(kind):
        names.update(type.__dict__["__dict__"].__get__(base))
    return names


def _attributes(value, kind):
    """(attributes by name, whether the class keeps any where they can be read)."""
    attributes = {}
    readable = False
    for base in reversed(type.mro(kind)):
        space = type.__dict__["__dict__"].__get__(base)
        if "__dict__" in space and isinstance(space["__dict__"], types.GetSetDescriptorType):
            readable = True
        for name, member in space.items():
            if isinstance(member, types.MemberDescriptorType) and not name.startswith("__"):
                readable = True
                try:
                    attributes[name] = member.__get__(value, kind)
                except AttributeError:
                    continue
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = None
    if type(own) is dict:
        readable = True
        attributes.update((key, item) for key, item in own.items() if type(key) is str)
    return attributes, readable or kind is object


def _bits(value):
    return struct.pack(">d", value).hex()


def _order(encoded):
    return str(encoded)
