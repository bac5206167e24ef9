def target(data: bytes):
    return data.find("=") != -1
