"""A lock around the removal of blobs: who stores the same one at the same time stores it anew."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from storage.database import Database


class Guard(Protocol):
    """Held by many who store, or by one who removes."""

    def storing(self) -> AbstractContextManager[None]:
        """Nothing is removed while this is held."""

    def removing(self) -> AbstractContextManager[None]:
        """Nobody finds that a blob is there, and therefore does not store it, while this is held."""


class FileGuard:
    """The kernel's lock on a file, for all processes that see its folder; it is let go of when a process dies."""

    def __init__(self, path: Path) -> None:
        """Lock the file at `path`, which is made with its folder when it is first needed."""
        self._path = path

    @contextmanager
    def storing(self) -> Iterator[None]:
        """As `Guard` says."""
        with _locked(self._path, fcntl.LOCK_SH):
            yield

    @contextmanager
    def removing(self) -> Iterator[None]:
        """As `Guard` says."""
        with _locked(self._path, fcntl.LOCK_EX):
            yield


class DatabaseGuard:
    """PostgreSQL's lock, for the processes of many hosts; it is let go of when a connection ends."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def storing(self) -> AbstractContextManager[None]:
        """As `Guard` says."""
        return self._database.locked("blobs", shared=True)

    def removing(self) -> AbstractContextManager[None]:
        """As `Guard` says."""
        return self._database.locked("blobs")


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)
