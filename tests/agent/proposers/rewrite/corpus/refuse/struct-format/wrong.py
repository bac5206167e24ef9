import struct


def target(data):
    return struct.unpack("<Y", data)
