"""Archives unpacked with care: every name, link and size in one is whatever its author wished to write."""

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from tools.errors import UserError
from tools.git.listing import MOST_LINK_BYTES, TreeLimits, make_folder, make_links
from tools.git.paths import path_problem, shown
from tools.git.source import ARCHIVE_SUFFIXES

MIB = 1024 * 1024
CHUNK_BYTES = 1 << 20
MOST_ARCHIVE_BYTES = 1024 * MIB
MOST_HEADER_BYTES = MIB
MOST_XZ_MEMORY_BYTES = 256 * MIB
PADDING_BYTES = 64 * MIB
"""What headers and padding may add to the contents of a tar."""
LEFT_OUT_FOLDERS = ("__MACOSX",)
LEFT_OUT_FILES = ("pax_global_header", ".DS_Store")
BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
"""What the standard library raises for an archive that is none, cut off or of a kind it cannot read."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One entry of an archive, as far as it is laid out."""

    path: str
    kind: int
    """`stat.S_IFREG`, `S_IFLNK`, `S_IFDIR`, or 0 for anything else."""
    executable: bool = False
    target: str = ""
    """Where a symbolic link points; of a hard link (a regular file without content) the file it repeats."""
    open: Callable[[], IO[bytes]] | None = None


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def unpack_archive(archive: Path, folder: Path, limits: TreeLimits) -> tuple[str, ...]:
    """Lay an archive's files and links out beneath the empty `folder`; a note for each thing left out.

    Nothing is written outside of `folder` and no more than `limits` admit, whatever the archive's headers say. Links
    that lead out are left out. Raises UserError, one sentence, where it is no archive, is damaged, too large, locked by
    a password, or holds paths that leave it.
    """
    if archive.stat().st_size > MOST_ARCHIVE_BYTES:
        raise UserError(f"{archive.name} is too large: archives of up to {MOST_ARCHIVE_BYTES // MIB} MiB are read.")
    try:
        with _opened(archive, limits) as members:
            return tuple(_lay_out(archive.name, members, folder, limits))
    except UserError:
        raise
    except MemoryError as error:
        raise _too_large(archive.name) from error
    except (*BROKEN, RuntimeError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        kinds = ", ".join(ARCHIVE_SUFFIXES)
        raise UserError(
            f"{archive.name} is not an archive that can be read ({_words(error)}); whole {kinds} files are.", status=422
        ) from error


def _words(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:120]


@contextmanager
def _opened(archive: Path, limits: TreeLimits) -> Iterator[Iterable[Member]]:
    name = archive.name.lower()
    with archive.open("rb") as file:
        if name.endswith(".zip"):
            with zipfile.ZipFile(file) as packed:
                yield _zip_members(archive.name, packed)
            return
        gate = _Gate(_decompressed(name, file), archive.name, limits.total_bytes + PADDING_BYTES)
        with tarfile.open(fileobj=cast("IO[bytes]", gate), mode="r|") as packed_tar:
            yield _tar_members(packed_tar, gate)


def _decompressed(name: str, file: IO[bytes]) -> _Readable:
    if name.endswith((".gz", ".tgz")):
        return gzip.GzipFile(fileobj=file)
    if name.endswith((".bz2", ".tbz2")):
        return bz2.BZ2File(file)
    if name.endswith((".xz", ".txz")):
        return io.BufferedReader(_Xz(file))
    return file


class _Xz(io.RawIOBase):
    """An xz stream, decompressed within a fixed memory; the standard reader takes what the header asks for."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._stream = lzma.LZMADecompressor(memlimit=MOST_XZ_MEMORY_BYTES)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As RawIOBase has it."""
        while not self._stream.eof:
            compressed = self._file.read(1 << 16) if self._stream.needs_input else b""
            if self._stream.needs_input and not compressed:
                raise EOFError("it ends too early")
            found = self._stream.decompress(compressed, len(buffer))
            if found:
                buffer[: len(found)] = found
                return len(found)
        return 0


class _Gate:
    """What tarfile reads from: it ends in an error once more came through than is taken, in all or at one step.

    tarfile holds whole headers in memory, so what may come between two members is bounded on its own.
    """

    def __init__(self, stream: _Readable, name: str, most_bytes: int) -> None:
        self._stream, self._name, self._left_bytes = stream, name, most_bytes
        self._step_bytes = MOST_HEADER_BYTES

    def admit(self, content_bytes: int) -> None:
        """Let the content of one member and the headers of the next pass."""
        self._step_bytes = content_bytes + MOST_HEADER_BYTES

    def read(self, size: int) -> bytes:
        """As a file's; raises UserError."""
        found = self._stream.read(size)
        self._left_bytes -= len(found)
        self._step_bytes -= len(found)
        if min(self._left_bytes, self._step_bytes) < 0:
            raise _too_large(self._name)
        return found


def _tar_members(packed: tarfile.TarFile, gate: _Gate) -> Iterator[Member]:
    for found in packed:
        # What stands up to the next header, not the size that an entry states: a folder may state any, and has none.
        gate.admit(packed.offset - found.offset_data)
        # tarfile keeps every entry it read, and every global header: neither is asked for again.
        packed.members = []  # type: ignore[attr-defined]  # typeshed does not list it
        packed.pax_headers = {}
        if found.isdir():
            yield Member(path=_plain(found.name), kind=stat.S_IFDIR)
        elif found.issym():
            yield Member(path=_plain(found.name), kind=stat.S_IFLNK, target=found.linkname)
        elif found.islnk():
            yield Member(path=_plain(found.name), kind=stat.S_IFREG, target=_plain(found.linkname))
        elif found.isfile():
            executable = bool(found.mode & stat.S_IXUSR)
            reader = _reader(packed, found)
            yield Member(path=_plain(found.name), kind=stat.S_IFREG, executable=executable, open=reader)
        else:
            yield Member(path=_plain(found.name), kind=0)


def _reader(packed: tarfile.TarFile, found: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        reader = packed.extractfile(found)
        assert reader is not None  # it is a regular file
        return reader

    return opened


def _zip_members(name: str, packed: zipfile.ZipFile) -> Iterator[Member]:
    for found in packed.infolist():
        mode = found.external_attr >> 16
        if found.is_dir():
            yield Member(path=_plain(found.filename), kind=stat.S_IFDIR)
            continue
        if found.flag_bits & 1:
            raise UserError(f"{name} is locked by a password: unpack it and name the folder.", status=422)
        if stat.S_ISLNK(mode):
            if found.file_size > MOST_LINK_BYTES:
                raise _too_large(name)
            target = os.fsdecode(packed.read(found))
            yield Member(path=_plain(found.filename), kind=stat.S_IFLNK, target=target)
        elif stat.S_IFMT(mode) in (0, stat.S_IFREG):
            yield Member(
                path=_plain(found.filename),
                kind=stat.S_IFREG,
                executable=bool(mode & stat.S_IXUSR),
                open=lambda found=found: packed.open(found),  # type: ignore[misc]
            )
        else:
            yield Member(path=_plain(found.filename), kind=0)


def _plain(path: str) -> str:
    """Without the leading `./` and doubled slashes that tools write."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return ("/" if path.startswith("/") else "") + "/".join(parts)


def _lay_out(name: str, members: Iterable[Member], folder: Path, limits: TreeLimits) -> list[str]:
    notes: list[str] = []
    links: list[tuple[str, bytes]] = []
    left_bytes = limits.total_bytes
    for count, member in enumerate(members, start=1):
        if count > limits.files:
            raise UserError(f"{name} is too large: it holds more than {limits.files} files and folders.", status=422)
        if member.kind == stat.S_IFDIR:
            continue  # those with files in them are made for the files
        parts = member.path.split("/")
        if ".git" in map(str.casefold, parts) or parts[0] in LEFT_OUT_FOLDERS or parts[-1] in LEFT_OUT_FILES:
            continue
        if problem := path_problem(member.path):
            raise UserError(f"{name} holds the path {shown(member.path)!r}: {problem}.", status=422)
        if member.kind == stat.S_IFLNK:
            links.append((member.path, os.fsencode(member.target)[: MOST_LINK_BYTES + 1]))
        elif member.kind == stat.S_IFREG:
            left_bytes -= _write(name, member, folder, min(left_bytes, limits.file_bytes))
        else:
            notes.append(f"{shown(member.path)} is neither a file nor a folder and is left out.")
    return notes + make_links(folder, links)


def _write(name: str, member: Member, folder: Path, most_bytes: int) -> int:
    """Write one file, in place of an earlier one of its name; how many bytes it has."""
    place, written_bytes = folder / member.path, 0
    try:
        make_folder(place.parent)
        with _content(name, member, folder) as source, place.open("wb") as file:
            while chunk := source.read(CHUNK_BYTES):
                written_bytes += len(chunk)
                if written_bytes > most_bytes:
                    raise _too_large(name)
                file.write(chunk)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise UserError(f"{name} holds {shown(member.path)} as a file and as a folder.", status=422) from error
    place.chmod(0o755 if member.executable else 0o644)
    return written_bytes


def _content(name: str, member: Member, folder: Path) -> IO[bytes]:
    if member.open is not None:
        return member.open()
    # No link stands in the folder yet, so that a hard link's file can only be one of those written before it.
    if path_problem(member.target) or member.target == member.path or not (folder / member.target).is_file():
        raise UserError(f"{name} holds the link {shown(member.path)} to a file that it does not hold.", status=422)
    return (folder / member.target).open("rb")


def _too_large(name: str) -> UserError:
    return UserError(f"{name} is too large once it is unpacked: unpack it and name the project's folder.", status=422)
