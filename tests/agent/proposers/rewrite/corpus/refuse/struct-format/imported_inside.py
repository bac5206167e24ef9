def target(data):
    import struct

    return struct.unpack("<I", data)
