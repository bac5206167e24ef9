def target(data):
    return struct.unpack("<I", data)


import struct
