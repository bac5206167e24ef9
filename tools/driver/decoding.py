"""Plain values rebuilt from their encoding, for a workload's own `equal(a, b)`; code is never rebuilt."""

import struct


class CannotDecode(Exception):
    """The value is of a class; only plain containers, numbers, texts and NumPy arrays are rebuilt."""


def decode(encoded):
    """The value; raises CannotDecode."""
    if not isinstance(encoded, list):
        return encoded
    kind = encoded[0]
    if kind == "bool":
        return bool(encoded[1])
    if kind == "int":
        return int(encoded[1], 16)
    if kind == "float":
        return struct.unpack(">d", bytes.fromhex(encoded[1]))[0]
    if kind == "complex":
        return complex(*(struct.unpack(">d", bytes.fromhex(part))[0] for part in encoded[1:]))
    if kind == "bytes":
        return bytes.fromhex(encoded[1])
    if kind in ("tuple", "frozenset"):
        return (tuple if kind == "tuple" else frozenset)(decode(item) for item in encoded[1])
    if kind == "list":
        return [decode(item) for item in encoded[2]]
    if kind == "set":
        return {decode(item) for item in encoded[2]}
    if kind == "dict":
        return {decode(key): decode(item) for key, item in encoded[2]}
    if kind == "array":
        import numpy

        _, _, dtype, shape, data = encoded
        return numpy.frombuffer(bytes.fromhex(data), dtype=dtype).reshape(shape)
    raise CannotDecode(kind)
