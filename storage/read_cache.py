"""Copies of blobs that were read or written here lately: the page of a job asks a distant storage only once."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

MOST_BYTES = 256 * 2**20
MOST_AGE_S = 24 * 3600.0
LARGEST_BYTES = 32 * 2**20
_PRUNED_EVERY = 64


class ReadCache:
    """Blobs in one folder of the home, at most so many bytes and so old; nothing is lost where it is removed."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES, most_age_s: float = MOST_AGE_S) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._most_age_s = most_age_s
        self._kept = 0

    def get(self, digest: str) -> bytes | None:
        """The blob; None where it is not here, too old, or no longer whole."""
        path = self._folder / digest
        try:
            data = path.read_bytes()
            age_s = time.time() - path.stat().st_mtime
        except OSError:
            return None
        if age_s > self._most_age_s or hashlib.sha256(data).hexdigest() != digest:
            path.unlink(missing_ok=True)
            return None
        return data

    def keep(self, digest: str, data: bytes) -> None:
        """Keep a blob; not where it is large, or where the disk does not take it."""
        if len(data) > LARGEST_BYTES:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=".")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                os.replace(name, self._folder / digest)
            except BaseException:
                os.unlink(name)
                raise
            self._kept += 1
            if self._kept % _PRUNED_EVERY == 0:
                self.prune()
        except OSError:  # a full disk costs the copy; the storage has the blob
            return

    def drop(self, digests: Iterable[str]) -> None:
        """Forget blobs that were removed."""
        for digest in digests:
            (self._folder / digest).unlink(missing_ok=True)

    def prune(self) -> None:
        """Remove what is too old, and the oldest of what is too much."""
        there = []
        for path in self._folder.glob("*"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            there.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in there)
        for kept_s, size, path in sorted(there):
            if total <= self._most_bytes and time.time() - kept_s <= self._most_age_s:
                break
            path.unlink(missing_ok=True)
            total -= size
