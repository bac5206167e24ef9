from struct import pack, unpack_from


def target(data, out):
    for i in range(len(data) // 4):
        out.append(unpack_from(">i", data, i * 4))
    return out, pack(">i", *[len(data)])
# ==== after
from struct import Struct
from struct import pack, unpack_from


_TARGET_STRUCT = Struct(">i")


def target(data, out):
    for i in range(len(data) // 4):
        out.append(_TARGET_STRUCT.unpack_from(data, i * 4))
    return out, pack(">i", *[len(data)])
# ==== inputs
large, faster = 300, 1.02


def inputs(random, size):
    return random.randbytes(4 * size), []
