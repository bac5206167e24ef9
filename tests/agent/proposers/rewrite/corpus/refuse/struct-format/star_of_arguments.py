import struct


def target(data):
    return struct.pack("<2I", *data)
