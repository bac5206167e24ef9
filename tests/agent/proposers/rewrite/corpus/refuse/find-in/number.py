def target(data: bytes):
    return data.find(3) != -1
