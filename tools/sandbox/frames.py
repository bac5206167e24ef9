"""The supervisor's side of the driver's line: sealed JSON frames over the pipes of a sandboxed process."""

import hashlib
import hmac
import json
import os
import struct
import time
from collections.abc import Mapping

from tools.sandbox.contract import Process

LARGEST_FRAME_BYTES = 64 * 1024 * 1024
LENGTH_BYTES = 4
KEY_BYTES = 32
SEAL_BYTES = 16


class LineBroken(Exception):
    """The driver ended, or sent what is no frame; its process tells how it ended."""


class LineForged(LineBroken):
    """What came was not written by the driver: code of the target wrote to the line itself."""


class FrameLine:
    """Sends and receives frames; whatever comes in is data of a process that is not trusted.

    Each frame that comes in ends in a seal that only the driver can make (see `tools/driver/channel.py`).
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._buffer = bytearray()
        self._key = os.urandom(KEY_BYTES)
        self._opened = False
        self._received = 0

    def send(self, message: Mapping[str, object], *, timeout_s: float) -> None:
        """Write one frame; raises LineBroken where nobody reads."""
        body = json.dumps(message, separators=(",", ":")).encode()
        key = b"" if self._opened else self._key
        self._opened = True
        try:
            self._process.send(key + struct.pack(">I", len(body)) + body, timeout_s=timeout_s)
        except (BrokenPipeError, TimeoutError) as error:
            raise LineBroken(f"the driver stopped reading: {error}") from error

    def receive(self, *, timeout_s: float) -> dict[str, object]:
        """Read one frame; raises LineForged, LineBroken at its end or on rubbish, TimeoutError after `timeout_s`.

        After a TimeoutError one may ask again: what had arrived is kept.
        """
        deadline = time.monotonic() + timeout_s
        self._fill(LENGTH_BYTES, deadline)
        (length,) = struct.unpack(">I", self._buffer[:LENGTH_BYTES])
        if length > LARGEST_FRAME_BYTES:
            raise LineForged(f"its process sent a frame of {length} bytes, which the driver never does")
        end = LENGTH_BYTES + length
        self._fill(end + SEAL_BYTES, deadline)
        body, seal = bytes(self._buffer[LENGTH_BYTES:end]), bytes(self._buffer[end : end + SEAL_BYTES])
        del self._buffer[: end + SEAL_BYTES]
        if not hmac.compare_digest(seal, self._seal(body)):
            raise LineForged("its process wrote a result of its own making to the driver's line")
        self._received += 1
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise LineBroken(f"a frame is not JSON: {error}") from error
        if not isinstance(message, dict):
            raise LineBroken("a frame is not a JSON object")
        return message

    def _seal(self, body: bytes) -> bytes:
        text = struct.pack(">Q", self._received) + body
        return hashlib.blake2b(text, key=self._key, digest_size=SEAL_BYTES).digest()

    def _fill(self, count: int, deadline: float) -> None:
        """Wait until at least this many bytes are there."""
        while len(self._buffer) < count:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise TimeoutError("no answer from the driver")
            part = self._process.receive(1 << 20, timeout_s=left_s)
            if not part:
                raise LineBroken("the driver closed the line")
            self._buffer += part
