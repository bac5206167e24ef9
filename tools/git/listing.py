"""What a tree holds, checked and written: files by their hashes, links only where they stay inside."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.errors import UserError
from tools.git.paths import path_problem, shown

MIB = 1024 * 1024
FORMAT = "1"
"""Part of every digest: raise it when trees are laid out differently."""
FILE_MODE, EXECUTABLE_MODE, LINK_MODE = "100644", "100755", "120000"
LAID_OUT_AT_S = 1_577_836_800
"""Every file of a snapshot has this modification time, so that nothing depends on when it was laid out."""
LFS_POINTER = b"version https://git-lfs.github.com/spec/"
MOST_LINK_BYTES = 4096


class DamagedError(UserError):
    """A repository's objects are missing or are not what their names say."""


@dataclass(frozen=True, kw_only=True)
class TreeLimits:
    """The largest repository that is laid out."""

    files: int = 200_000
    total_bytes: int = 4096 * MIB
    file_bytes: int = 1024 * MIB


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file or symbolic link of a tree."""

    path: str
    """With forward slashes, as `os.fsdecode` gives it."""
    mode: str
    """As git writes it."""
    oid: str
    """The hash of its content, as git names blobs."""
    size_bytes: int


def listing_digest(entries: Sequence[Entry]) -> str:
    """What identifies a tree: paths, modes and content hashes; 64 hexadecimal digits."""
    digest = hashlib.sha256(FORMAT.encode())
    for entry in sorted(entries, key=lambda entry: entry.path):
        digest.update(f"{entry.mode} {entry.oid} ".encode() + os.fsencode(entry.path) + b"\0")
    return digest.hexdigest()


def check_listing(entries: Sequence[Entry], limits: TreeLimits) -> None:
    """Raises UserError where a tree is empty, too large, or has paths that cannot be laid out safely."""
    if not entries:
        raise UserError("The repository holds no files: name a folder, or by --ref a commit, that does.")
    if len(entries) > limits.files:
        raise UserError(
            f"The repository is too large: it has more than {limits.files} files; take the project alone to a folder "
            "of its own and name that.",
            status=422,
        )
    if sum(entry.size_bytes for entry in entries) > limits.total_bytes:
        raise UserError(
            f"The repository is too large: over {limits.total_bytes // MIB} MiB of files; take the project alone to a "
            "folder of its own and name that.",
            status=422,
        )
    for entry in entries:
        if problem := path_problem(entry.path):
            raise UserError(f"The repository holds the path {shown(entry.path)!r}: {problem}.", status=422)
        if entry.size_bytes > (MOST_LINK_BYTES if entry.mode == LINK_MODE else limits.file_bytes):
            most_bytes = MOST_LINK_BYTES if entry.mode == LINK_MODE else limits.file_bytes
            size = f"{most_bytes // MIB} MiB" if most_bytes >= MIB else f"{most_bytes} bytes"
            raise UserError(
                f"The repository holds {shown(entry.path)}, too large (over {size}); name a commit without it.",
                status=422,
            )


def write_entries(root: Path, blobs: Iterable[tuple[Entry, Iterable[bytes]]], *, hash_name: str) -> list[str]:
    """Write entries beneath the empty folder `root`, checking each content against its hash; what to note about them.

    Links are made once all files are there, so that nothing is ever written through one; those that lead out of the
    tree are left out. Raises UserError where contents and hashes differ or paths collide.
    """
    notes: list[str] = []
    links: list[tuple[str, bytes]] = []
    for entry, chunks in blobs:
        checked = _checked(entry, chunks, hash_name)
        if entry.mode == LINK_MODE:
            links.append((entry.path, b"".join(checked)))
            continue
        start = _write_file(root, entry, checked)
        if start.startswith(LFS_POINTER):
            notes.append(f"{shown(entry.path)} is a Git LFS pointer; its content is not fetched.")
    return notes + make_links(root, links)


def make_links(root: Path, links: Sequence[tuple[str, bytes]]) -> list[str]:
    """Make symbolic links of (path, target) beneath `root`; a sentence for each that leads out and is left out."""
    made = [root / path for path, _ in links]
    try:
        for place in made:
            make_folder(place.parent)
        # All folders are there before the first link, so that no link can stand in for a folder.
        for place, (_, target) in zip(made, links, strict=True):
            os.symlink(target, os.fsencode(place))
    except (FileExistsError, NotADirectoryError) as error:
        raise UserError(f"The repository holds {shown(os.path.relpath(place, root))} more than once.") from error
    # Only once all links are there is it known where a link to a link leads.
    real_root = os.path.realpath(root)
    outside = [place for place in made if _leads_out(place, real_root)]
    for place in outside:
        place.unlink()
    return [f"The symbolic link {shown(os.path.relpath(place, root))} leads out and is left out." for place in outside]


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, readable by all whatever the umask; raises NotADirectoryError."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir()
    folder.chmod(0o755)


def _checked(entry: Entry, chunks: Iterable[bytes], hash_name: str) -> Iterator[bytes]:
    """The chunks as they are, then an error where they are not what the hash names."""
    digest = hashlib.new(hash_name, b"blob %d\0" % entry.size_bytes)
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != entry.oid:
        raise DamagedError(f"{shown(entry.path)} is damaged, or it changed while it was read: try again.", status=422)


def _write_file(root: Path, entry: Entry, chunks: Iterable[bytes]) -> bytes:
    """Write one new file; its first bytes."""
    place, start = root / entry.path, b""
    try:
        make_folder(place.parent)
        with place.open("xb") as file:
            for chunk in chunks:
                start = start or chunk[:200]
                file.write(chunk)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise UserError(f"The repository holds {shown(entry.path)} more than once.", status=422) from error
    place.chmod(0o755 if entry.mode == EXECUTABLE_MODE else 0o644)
    os.utime(place, (LAID_OUT_AT_S, LAID_OUT_AT_S))
    return start


def _leads_out(link: Path, real_root: str) -> bool:
    real = os.path.realpath(link)
    return os.path.isabs(os.readlink(link)) or not (real == real_root or real.startswith(real_root + os.sep))
