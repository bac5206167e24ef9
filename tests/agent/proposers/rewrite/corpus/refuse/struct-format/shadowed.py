import struct


def target(data, struct):
    return struct.unpack("<I", data)
