"""The supervisor's side of the driver's line: JSON frames over the pipes of a sandboxed process."""

import json
import struct
import time
from collections.abc import Mapping

from tools.sandbox.contract import Process

LARGEST_FRAME_BYTES = 64 * 1024 * 1024


class LineBroken(Exception):
    """The driver ended, or sent what is no frame; its process tells how it ended."""


class FrameLine:
    """Sends and receives frames; whatever comes in is data of a process that is not trusted."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._buffer = bytearray()

    def send(self, message: Mapping[str, object], *, timeout_s: float) -> None:
        """Write one frame; raises LineBroken where nobody reads."""
        body = json.dumps(message, separators=(",", ":")).encode()
        try:
            self._process.send(struct.pack(">I", len(body)) + body, timeout_s=timeout_s)
        except (BrokenPipeError, TimeoutError) as error:
            raise LineBroken(f"the driver stopped reading: {error}") from error

    def receive(self, *, timeout_s: float) -> dict[str, object]:
        """Read one frame; raises LineBroken at its end or on rubbish, TimeoutError after `timeout_s` seconds."""
        deadline = time.monotonic() + timeout_s
        (length,) = struct.unpack(">I", self._exactly(4, deadline))
        if length > LARGEST_FRAME_BYTES:
            raise LineBroken(f"a frame of {length} bytes is over the limit of {LARGEST_FRAME_BYTES}")
        try:
            message = json.loads(self._exactly(length, deadline))
        except (ValueError, RecursionError) as error:
            raise LineBroken(f"a frame is not JSON: {error}") from error
        if not isinstance(message, dict):
            raise LineBroken("a frame is not a JSON object")
        return message

    def _exactly(self, count: int, deadline: float) -> bytes:
        while len(self._buffer) < count:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise TimeoutError("no answer from the driver")
            part = self._process.receive(1 << 20, timeout_s=left_s)
            if not part:
                raise LineBroken("the driver closed the line")
            self._buffer += part
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data
