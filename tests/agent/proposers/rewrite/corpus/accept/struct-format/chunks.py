import struct


def target(chunks):
    """Lengths and numbers."""
    return [struct.unpack("<IH", chunk) + (struct.calcsize("<IH"),) for chunk in chunks]
# ==== after
import struct


_TARGET_STRUCT = struct.Struct("<IH")


def target(chunks):
    """Lengths and numbers."""
    return [_TARGET_STRUCT.unpack(chunk) + (_TARGET_STRUCT.size,) for chunk in chunks]
# ==== inputs
large, faster = 300, 1.02


def inputs(random, size):
    return ([random.randbytes(6) for _ in range(size)],)
