def target(data: bytes):
    return sum(1 for byte in data if byte == 3)
