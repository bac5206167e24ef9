"""Large things on disk, by the digest of their content."""

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from storage.guards import FileGuard, Guard
from storage.stored import DIGEST, Stored, checked
from tools.errors import InfrastructureError

_ABANDONED_S = 3600.0


class FileBlobs:
    """Blobs in `folder`, fanned out by the first two digits of their SHA-256; never changed once written."""

    def __init__(self, folder: Path, guard: Guard | None = None) -> None:
        """Use `folder`, created when first needed; removes what a killed writer left behind an hour ago or more."""
        self._folder = folder
        self._incoming = folder / "incoming"
        self._guard = guard or FileGuard(folder / "lock")
        for left in self._incoming.glob("*"):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                left.unlink(missing_ok=True)

    def put(self, data: bytes) -> str:
        """Store; returns the digest (64 hexadecimal digits), the same for the same data; on disk when this returns.

        Raises InfrastructureError where the disk refuses.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        try:
            if not self._renewed(path):
                self._write(path, data)
        except OSError as error:
            passing = error.errno in (errno.ENOSPC, errno.EDQUOT)
            said = f"cannot store a blob in {self._folder}: {error.strerror}"
            raise InfrastructureError(said, retryable=passing) from error
        return digest

    def get(self, digest: str) -> bytes:
        """Read back; raises KeyError for a digest that was never put, InfrastructureError where it was damaged."""
        if not DIGEST.fullmatch(digest):
            raise KeyError(digest)
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise KeyError(digest) from None
        return checked(data, digest, str(self._path(digest)))

    def listing(self, shard: str) -> Iterator[Stored]:
        """The blobs whose digests begin with these two digits, in any order."""
        try:
            entries = os.scandir(self._folder / shard)
        except FileNotFoundError:
            return
        with entries:
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                yield Stored(digest=shard + entry.name, size_bytes=status.st_size, stored_s=status.st_mtime)

    def remove(self, digests: Collection[str], before_s: float) -> Sequence[Stored]:
        """Remove those that were last put before a moment; which ones these were."""
        removed = []
        with self._guard.removing():
            for digest in digests:
                path = self._path(digest)
                try:
                    status = path.stat()
                except FileNotFoundError:
                    continue
                if status.st_mtime < before_s:
                    path.unlink()
                    removed.append(Stored(digest=digest, size_bytes=status.st_size, stored_s=status.st_mtime))
        return removed

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:]

    def _renewed(self, path: Path) -> bool:
        """Whether the blob is there, and from now on as young as one that was just written."""
        if not path.exists():
            return False
        with self._guard.storing():
            try:
                os.utime(path)
            except FileNotFoundError:  # a collector was first
                return False
        return True

    def _write(self, path: Path, data: bytes) -> None:
        self._incoming.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
