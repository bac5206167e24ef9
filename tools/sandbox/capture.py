"""The supervisor's end of a pipe that a command writes to: read without blocking, kept up to a limit."""

import os

_CHUNK_BYTES = 1 << 16


class Capture:
    """Keeps the first bytes of a pipe and notices when there are more."""

    def __init__(self, fd: int, most_bytes: int) -> None:
        self.fd = fd
        self.data = bytearray()
        self.over = False
        """There was more than the limit; what came after it is lost."""
        self._most_bytes = most_bytes
        os.set_blocking(fd, False)

    def read(self) -> bool:
        """Take what is there, once; False at the end of the pipe."""
        try:
            part = os.read(self.fd, _CHUNK_BYTES)
        except BlockingIOError:
            return True
        room = self._most_bytes - len(self.data)
        self.data += part[:room]
        self.over = self.over or len(part) > room
        return bool(part)

    def drain(self) -> None:
        """Take what is left after the writers have gone; never waits for one that has not."""
        while not self.over:
            before = len(self.data)
            if not self.read() or len(self.data) == before:
                return
