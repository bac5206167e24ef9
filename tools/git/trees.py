"""Trees of files on this host, each under its digest: written aside, renamed into place, never written again."""

import errno
import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.errors import InfrastructureError
from tools.git.listing import make_folder


def place_tree(home: Path, digest: str, write: Callable[[Path], Sequence[str]]) -> Path:
    """The tree of that digest under `home`, written by `write` into an empty folder where it is not there yet.

    `write` returns notes, kept beside the tree (`tree_notes`). A killed writer leaves nothing usable; what it left is
    removed the next time one is asked for. Raises InfrastructureError where the disk is full.
    """
    tree = home / "trees" / digest
    if tree.is_dir():
        _touch(tree)
        return tree
    try:
        with scratch_folder(home) as partial:
            root = partial / "tree"
            make_folder(root)
            notes = partial / "notes.json"
            notes.write_text(json.dumps(list(write(root))), encoding="utf-8")
            notes.rename(_notes_file(tree))
            _rename_new(root, tree)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise InfrastructureError(f"The disk that holds {home} is full.", retryable=True) from error
        raise
    return tree


def tree_notes(tree: Path) -> tuple[str, ...]:
    """What was noted when a tree was laid out."""
    return tuple(json.loads(_notes_file(tree).read_text(encoding="utf-8")))


def prune_trees(home: Path, *, unused_for_s: float) -> int:
    """Remove trees that nobody asked for in that many seconds; how many were removed."""
    trees, oldest_s, removed = home / "trees", time.time() - unused_for_s, 0
    for notes in trees.glob("*.notes.json"):
        if notes.stat().st_mtime > oldest_s:
            continue
        with scratch_folder(home) as partial, suppress(FileNotFoundError):
            # Moved away first: a tree under its digest is always whole.
            (trees / notes.name.removesuffix(".notes.json")).rename(partial / "tree")
            removed += 1
        notes.unlink(missing_ok=True)
        notes.with_name(notes.name.replace(".notes.json", ".bytecode")).unlink(missing_ok=True)
    return removed


def sweep_trees(home: Path) -> int:
    """Remove what killed writers left behind, never what a live one is writing; how many were removed."""
    removed = 0
    for left in (home / "trees").glob("partial-*"):
        lock = _try_lock(left)
        if lock is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(lock)
            removed += 1
    return removed


@contextmanager
def scratch_folder(home: Path) -> Iterator[Path]:
    """A new folder under `home`, locked while it is in use and gone afterwards, also after a kill and a next start."""
    trees = home / "trees"
    trees.mkdir(parents=True, exist_ok=True)
    sweep_trees(home)
    while True:
        folder = Path(tempfile.mkdtemp(prefix="partial-", dir=trees))
        lock = _try_lock(folder)
        if lock is not None and folder.is_dir():
            break
        # Between its making and its lock, a sweep took it for a left one.
        if lock is not None:
            os.close(lock)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _try_lock(folder: Path) -> int | None:
    """A descriptor that holds the folder's lock, which the kernel drops when we die; None where another holds it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _rename_new(root: Path, tree: Path) -> None:
    """Put a finished tree in its place, unless someone else placed the same one meanwhile; theirs is as good."""
    try:
        root.rename(tree)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise


def _notes_file(tree: Path) -> Path:
    return tree.with_name(f"{tree.name}.notes.json")


def _touch(tree: Path) -> None:
    with suppress(FileNotFoundError):
        os.utime(_notes_file(tree))
