import struct


def target(form, data):
    return struct.unpack(form, data)
