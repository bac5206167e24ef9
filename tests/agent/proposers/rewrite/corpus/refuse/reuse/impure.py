def target(stream):
    return stream.read() + stream.read()
