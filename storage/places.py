"""Where blobs are, by a URL: a folder, or whatever fsspec reaches."""

import os
from dataclasses import dataclass
from pathlib import Path

from storage.blobs import FileBlobs
from storage.database import Database
from storage.guards import DatabaseGuard, FileGuard
from storage.read_cache import ReadCache
from storage.remote_blobs import RemoteBlobs, shown
from storage.stored import KeptBlobs
from tools.errors import UserError

BLOBS = "blobs"
"""The folder of a home for its blobs."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Blobs that are swept together."""

    name: str
    """The same on every host that reaches them, and of no others."""
    blobs: KeptBlobs


def open_place(url: str, home: Path, database: Database) -> Place:
    """The blobs at a URL or in a folder; raises UserError for a URL that cannot be opened here."""
    folder = _folder(url)
    if folder is not None:
        if not folder.is_absolute():
            raise UserError(
                f"HASTEN_BLOBS_URL {url} is no absolute path; give one, or a URL such as s3://bucket/prefix"
            )
        return Place(name=f"{os.uname().nodename}:{folder}", blobs=FileBlobs(folder))
    guard = FileGuard(home / "blobs.lock") if database.is_sqlite else DatabaseGuard(database)
    return Place(name=shown(url), blobs=RemoteBlobs(url, guard, ReadCache(home / "cache" / BLOBS)))


def open_own(home: Path) -> Place:
    """The blobs in a home's own folder."""
    return Place(name=f"{os.uname().nodename}:{home / BLOBS}", blobs=FileBlobs(home / BLOBS))


def _folder(url: str) -> Path | None:
    protocol, separator, path = url.partition("://")
    if not separator:
        return Path(url)
    return Path(path) if protocol in ("file", "local") else None
