import struct


def target(data):
    return struct.unpack(*data)
