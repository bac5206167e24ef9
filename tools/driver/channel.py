"""The driver's line to the supervisor: frames of JSON on the standard input and output it was started with.

A frame is four bytes of length, big-endian, that many bytes of UTF-8 JSON, and, on the way out, a seal: a keyed digest
of the frame's number and its JSON. The key is the first thing that the supervisor sends and is not kept. Code of the
target that writes frames of its own to the descriptor cannot seal them.

The driver keeps private duplicates of the two descriptors and points 0, 1 and 2 elsewhere before any code of the target
runs, so that a target's prints can not disturb the line. Nothing sent over it is believed about time: the supervisor
reads the clocks.
"""

import hashlib
import json
import os
import struct

KEY_BYTES = 32
SEAL_BYTES = 16


class Channel:
    """Both directions of the line, from the driver's side."""

    def __init__(self, read_fd, write_fd):
        self._read = os.fdopen(read_fd, "rb", 0)
        self._write_fd = write_fd
        self._seal = None
        self._sent = 0

    def send(self, **message):
        """Write one frame."""
        body = json.dumps(message, separators=(",", ":")).encode("utf-8", "surrogatepass")
        seal = self._seal.copy()
        seal.update(struct.pack(">Q", self._sent) + body)
        self._sent += 1
        data = memoryview(struct.pack(">I", len(body)) + body + seal.digest())
        while data:
            data = data[os.write(self._write_fd, data) :]

    def receive(self):
        """Read one frame; None when the supervisor closed the line. The first one brings the key with it."""
        if self._seal is None:
            key = self._exactly(KEY_BYTES)
            if key is None:
                return None
            self._seal = hashlib.blake2b(key=key, digest_size=SEAL_BYTES)
        head = self._exactly(4)
        if head is None:
            return None
        body = self._exactly(struct.unpack(">I", head)[0])
        return None if body is None else json.loads(body)

    def _exactly(self, count):
        parts = []
        while count:
            part = self._read.read(count)
            if not part:
                return None
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def take_over():
    """Claim the standard descriptors for the line; the target's own prints go to /dev/null from here on."""
    read_fd = os.dup(0)
    write_fd = os.dup(1)
    void = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1):
        os.dup2(void, fd)
    os.close(void)
    return Channel(read_fd, write_fd)
