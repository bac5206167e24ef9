import struct


def target(count, data):
    return struct.unpack("<%dI" % count, data)
