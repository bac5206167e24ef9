"""Which process runs a job: a lock file that the kernel lets go of when the process dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

_PROBE_S = 0.5
"""How long an asker may hold the lock while it looks; a claim waits this long before it gives up."""


class Claim:
    """A job claimed by this process until `release`."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """Claim by the lock file at `path`; None where another process (or another claim of this one) holds it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        deadline_s = time.monotonic() + _PROBE_S
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if _lock(handle, fcntl.LOCK_EX):
                if _is_at(handle, path):
                    return cls(path, handle)
                os.close(handle)  # its holder removed the file while we waited: try the new one
                continue
            os.close(handle)
            if time.monotonic() > deadline_s:
                return None
            time.sleep(0.02)

    @staticmethod
    def held(path: Path) -> bool:
        """Whether a living process holds the claim."""
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            return not _lock(handle, fcntl.LOCK_SH)
        finally:
            os.close(handle)

    def release(self) -> None:
        """Give the claim up and remove its file."""
        self._path.unlink(missing_ok=True)
        os.close(self._handle)


def _lock(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False
