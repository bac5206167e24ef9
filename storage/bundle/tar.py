"""The archive as a file: written in the order things come, read as strictly as it was written."""

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, Protocol

from storage.bundle.form import NAME, Caps, Damaged, most_bytes

BLOCK = tarfile.BLOCKSIZE
CHUNK = 2**20


class Sink(Protocol):
    """Takes the members of an archive."""

    def add(self, name: str, data: bytes) -> None:
        """One more member."""


class TarSink:
    """Writes an archive; the same members give the same bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6)

    def add(self, name: str, data: bytes) -> None:
        """One more member."""
        member = tarfile.TarInfo(name)
        member.size = len(data)
        member.mode = 0o644
        self._gzip.write(member.tobuf(tarfile.USTAR_FORMAT))
        self._gzip.write(data)
        self._gzip.write(bytes(-len(data) % BLOCK))

    def close(self) -> None:
        """Write the end."""
        self._gzip.write(bytes(2 * BLOCK))
        self._gzip.close()


class NoSink:
    """Where only the digest is asked for."""

    def add(self, name: str, data: bytes) -> None:
        """Nothing is kept."""


def members(file: IO[bytes], caps: Caps) -> Iterator[tuple[str, bytes]]:
    """The members of an archive in their order, by name; raises Damaged for what an export never writes.

    No more than one member is in memory, and none is read that is larger than it may be.
    """
    file.seek(0)
    with gzip.GzipFile(fileobj=file, mode="rb") as stream:
        total, of_rows, seen = 0, 0, set[str]()
        while True:
            block = _read(stream, BLOCK)
            if block == bytes(BLOCK):
                return
            name, size = _header(block)
            total += BLOCK + size
            of_rows += 0 if name.startswith("blobs/") else size
            if name in seen:
                raise Damaged(f"{name} comes twice")
            seen.add(name)
            too_large = total > caps.bytes or of_rows > caps.row_bytes or size > most_bytes(name)
            if too_large or len(seen) > caps.members:
                raise Damaged("it unpacks to more than an export may hold", status=413)
            data = _read(stream, size)
            _read(stream, -size % BLOCK)
            yield name, data


def sha256(data: bytes) -> str:
    """The digest of a member."""
    return hashlib.sha256(data).hexdigest()


def _header(block: bytes) -> tuple[str, int]:
    try:
        found = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError):
        raise Damaged("it is no tar of Hasten's") from None
    if found.type != tarfile.REGTYPE or not NAME.fullmatch(found.name) or found.size < 0:
        raise Damaged("it holds something that no export writes")
    return found.name, found.size


def _read(stream: gzip.GzipFile, size: int) -> bytes:
    parts = []
    try:
        while size > 0:
            part = stream.read(min(size, CHUNK))
            if not part:
                raise Damaged("it ends too early")
            parts.append(part)
            size -= len(part)
    except (OSError, EOFError, zlib.error) as error:
        problem = "it ends too early" if isinstance(error, EOFError) else "it is not gzipped, or was changed"
        raise Damaged(problem) from None
    return b"".join(parts)
