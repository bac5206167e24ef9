from tools import struct


def target(data):
    return struct.unpack("<I", data)
