def target(chunks):
    """Join them."""
    head = 1
    data = b"\x00"  # version
    for chunk in chunks:
        if not chunk:
            continue
        # the length first
        data += bytes([len(chunk) % 256])
        data += chunk
    return head, data
# ==== after
def target(chunks):
    """Join them."""
    head = 1
    data_parts = [b"\x00"]  # version
    for chunk in chunks:
        if not chunk:
            continue
        # the length first
        data_parts.append(bytes([len(chunk) % 256]))
        data_parts.append(chunk)
    data = b"".join(data_parts)
    return head, data
# ==== inputs
large, faster = 10000, 2.0


def inputs(random, size):
    return ([random.randbytes(random.randrange(60)) for _ in range(size)],)
