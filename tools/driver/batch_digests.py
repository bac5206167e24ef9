"""Digests of a batch's inputs and outputs: of plain values at C speed, of others by their encoding."""

import io
import json
import pickle
import struct

from .encoding import Encoder
from .observing import digest_of


class NotPlain(Exception):
    """A value that only the encoder can describe."""


class _PlainPickler(pickle.Pickler):
    """Plain values to bytes at C speed; without a memo, so that only values count, not which objects are shared."""

    def reducer_override(self, value):
        raise NotPlain(type(value))


class Raised:
    """An exception in the place of an output."""

    def __init__(self, error):
        self.error = error


class Encoded:
    """An output that was encoded inside the window."""

    def __init__(self, encoding):
        self.text = json.dumps(encoding, separators=(",", ":"))


def plain(values):
    """Bytes of plain values; raises NotPlain."""
    buffer = io.BytesIO()
    pickler = _PlainPickler(buffer, 4)
    pickler.fast = True
    try:
        pickler.dump(values)
    except (RecursionError, ValueError, struct.error) as error:
        raise NotPlain(str(error)) from error
    return buffer.getvalue()


def digested(outputs, encoded):
    """(outputs as they are kept, their digest); encoded where they are not plain, or where asked for."""
    if not encoded:
        try:
            return outputs, digest_of(plain(outputs))
        except NotPlain:
            pass
    outputs = [Encoded(encode_output(output)) for output in outputs]
    return outputs, digest_of(encoded_bytes([output.text for output in outputs]))


def encode_output(output):
    """What a call returned or raised, encoded."""
    encoder = Encoder()
    if isinstance(output, Raised):
        return ["raised", encoder.exception(output.error)]
    try:
        return ["returned", encoder.encode(output)]
    except Exception as error:
        return ["raised", encoder.exception(error)]


def encode_all(arguments):
    """(args, kwargs) of a call, encoded."""
    encoder = Encoder()
    args, kwargs = arguments
    return [[encoder.encode(value) for value in args], {k: encoder.encode(v) for k, v in sorted(kwargs.items())}]


def encoded_bytes(encodings):
    """An encoding as it is digested."""
    return json.dumps(encodings, separators=(",", ":")).encode()
