"""Paths inside a repository: what is a safe one, how it is shown, and how a file behind one is found."""

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

MOST_PATH_BYTES = 4000
IGNORED = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
MOST_NAME_BYTES = 255


def path_problem(path: str) -> str | None:
    """Why a path is not a plain one beneath the repository's root; None where it is."""
    if not path or path.startswith("/"):
        return "it is not relative to the repository's root"
    parts = path.split("/")
    if "\0" in path or any(part in ("", ".", "..") for part in parts):
        return "it leaves the repository or is not plain"
    if any(_is_git_directory(part) for part in parts):
        return "it lies in a git directory"
    encoded = os.fsencode(path)
    if len(encoded) > MOST_PATH_BYTES or any(len(os.fsencode(part)) > MOST_NAME_BYTES for part in parts):
        return "it is too long"
    return None


def _is_git_directory(part: str) -> bool:
    """Whether git would take a name for `.git` on any file system, as its own protection has it.

    Some ignore case and a few characters (HFS+), others trailing dots and spaces, streams and short names (NTFS).
    """
    plain = IGNORED.sub("", part).partition(":")[0].rstrip(" .").casefold()
    return plain in (".git", "git~1")


def shown(path: str) -> str:
    """A path as plain text: bytes that are not UTF-8 and control characters as escapes."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def plain_file(root: Path, path: str) -> Path | None:
    """The regular file at `path` beneath `root`, reached through real folders only; None where there is none."""
    if path_problem(path) is not None:
        return None
    place = root
    *folders, name = path.split("/")
    for folder in folders:
        place /= folder
        if not _is(place, stat.S_ISDIR):
            return None
    return place / name if _is(place / name, stat.S_ISREG) else None


def occupied(root: Path, path: str) -> bool:
    """Whether something other than folders stands in the way of creating a file at `path`, or is there already."""
    place = root
    for part in path.split("/"):
        place /= part
        if os.path.lexists(place) and not _is(place, stat.S_ISDIR):
            return True
    return os.path.lexists(place)


def _is(place: Path, kind: Callable[[int], bool]) -> bool:
    try:
        return kind(place.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
