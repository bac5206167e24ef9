"""A folder without git: its files by content, as if they had been committed."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tools.errors import UserError
from tools.git.listing import EXECUTABLE_MODE, FILE_MODE, LINK_MODE, Entry, TreeLimits
from tools.git.paths import shown

CHUNK_BYTES = 1 << 20
HASH_NAME = "sha256"
IGNORED_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", ".bzr", ".venv", "__pycache__", ".tox", ".nox", "node_modules", ".eggs", ".cache",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints", ".import_linter_cache",
    }
)  # fmt: skip
"""Version control, environments and caches; a folder with a `pyvenv.cfg` is ignored too."""
IGNORED_SUFFIXES = (".pyc", ".pyo")
IGNORED_FILES = frozenset({".git", ".coverage", ".DS_Store"})
BUILD_FOLDERS = ("bdist.", "lib", "temp.")
"""What setuptools leaves below `build/` starts with these."""


def folder_entries(root: Path, limits: TreeLimits) -> tuple[list[Entry], list[str]]:
    """Files and links beneath `root`, and notes on what else was there.

    Raises UserError where something cannot be read or there is too much of it.
    """
    entries: list[Entry] = []
    notes: list[str] = []
    for path, status in _walk(root, ""):
        if stat.S_ISREG(status.st_mode):
            mode = EXECUTABLE_MODE if status.st_mode & stat.S_IXUSR else FILE_MODE
        elif stat.S_ISLNK(status.st_mode):
            mode = LINK_MODE
        else:
            notes.append(f"{shown(path)} is neither a file nor a folder and is left out.")
            continue
        if len(entries) >= limits.files or status.st_size > limits.file_bytes:
            raise UserError(
                f"The folder {root} is too large: {shown(path)} goes beyond {limits.files} files of "
                f"{limits.file_bytes >> 20} MiB each; take the project alone to a folder of its own and name that.",
                status=422,
            )
        entries.append(_hashed(root, path, mode))
    return entries, notes


def folder_blobs(root: Path, entries: Sequence[Entry]) -> Iterable[tuple[Entry, Iterable[bytes]]]:
    """Entries with their contents in chunks."""
    return ((entry, _content(root, entry.path, entry.mode)) for entry in entries)


def _walk(root: Path, folder: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        found = sorted(os.scandir(root / folder), key=lambda item: item.name)
    except OSError as error:
        raise _unreadable(root, folder or ".", error) from error
    if folder and any(item.name == "pyvenv.cfg" for item in found):
        return
    for item in found:
        path = f"{folder}/{item.name}" if folder else item.name
        if item.is_dir(follow_symlinks=False):
            if item.name not in IGNORED_FOLDERS and not (
                folder.endswith("build") and item.name.startswith(BUILD_FOLDERS)
            ):
                yield from _walk(root, path)
        elif item.name not in IGNORED_FILES and not item.name.endswith(IGNORED_SUFFIXES):
            yield path, item.stat(follow_symlinks=False)


def _hashed(root: Path, path: str, mode: str) -> Entry:
    chunks = list(_content(root, path, mode)) if mode == LINK_MODE else None
    size_bytes = (root / path).stat().st_size if chunks is None else sum(map(len, chunks))
    digest = hashlib.new(HASH_NAME, b"blob %d\0" % size_bytes)
    for chunk in chunks if chunks is not None else _content(root, path, mode):
        digest.update(chunk)
    return Entry(path=path, mode=mode, oid=digest.hexdigest(), size_bytes=size_bytes)


def _content(root: Path, path: str, mode: str) -> Iterator[bytes]:
    try:
        if mode == LINK_MODE:
            yield os.readlink(os.fsencode(root / path))
            return
        # Neither a link nor a pipe put there meanwhile is followed or waited for.
        descriptor = os.open(root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise _unreadable(root, path, error) from error


def _unreadable(root: Path, path: str, error: OSError) -> UserError:
    return UserError(f"{shown(os.fspath(root / path))} cannot be read: {error.strerror}.", status=422)
