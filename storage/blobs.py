"""Large things on disk, by the digest of their content."""

import errno
import hashlib
import os
import re
import tempfile
import time
from pathlib import Path

from tools.errors import InfrastructureError

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ABANDONED_S = 3600.0


class FileBlobs:
    """Blobs in `folder`, fanned out by the first two digits of their SHA-256; never changed once written."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, created when first needed; removes what a killed writer left behind an hour ago or more."""
        self._folder = folder
        self._incoming = folder / "incoming"
        for left in self._incoming.glob("*"):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                left.unlink(missing_ok=True)

    def put(self, data: bytes) -> str:
        """Store; returns the digest (64 hexadecimal digits), the same for the same data; on disk when this returns.

        Raises InfrastructureError where the disk refuses.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if not path.exists():
            try:
                self._write(path, data)
            except OSError as error:
                passing = error.errno in (errno.ENOSPC, errno.EDQUOT)
                said = f"cannot store a blob in {self._folder}: {error.strerror}"
                raise InfrastructureError(said, retryable=passing) from error
        return digest

    def get(self, digest: str) -> bytes:
        """Read back; raises KeyError for a digest that was never put, InfrastructureError where it was damaged."""
        if not _DIGEST.fullmatch(digest):
            raise KeyError(digest)
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise KeyError(digest) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise InfrastructureError(f"the blob {self._path(digest)} is damaged")
        return data

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:]

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
