"""Applying a patch in memory: exactly, without fuzz."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.git.hunks import FilePatch, Hunk, Patch, PatchError, content_of, lines_of
from tools.git.paths import occupied, plain_file, shown

MOST_COMPARED_LINES = 20_000_000
"""Of a hunk at all places together: beyond it stands where it says, or nowhere."""
Contents = dict[str, bytes | None]
"""What is at each path; None where a file is not, or no longer, there."""


def apply_patch(tree: Path, patch: Patch, *, into: Mapping[str, bytes | None] | None = None) -> Contents:
    """What the patch makes of the tree's files: contents by path, None for a deleted one; nothing is written.

    `into` holds what earlier patches made of the same tree; it takes precedence over the tree and is part of the
    result. A hunk applies where it says, or else at the only other place where all of its lines stand. Raises
    PatchError.
    """
    earlier = into or {}

    def read(path: str) -> bytes | None:
        if path in earlier:
            return earlier[path]
        file = plain_file(tree, path)
        if file is None and occupied(tree, path):
            raise PatchError(
                f"{shown(path)} is a link or a folder, or lies behind one: it cannot be patched.", path=path
            )
        return None if file is None else file.read_bytes()

    return {**earlier, **patched(read, patch)}


def patched(read: Callable[[str], bytes | None], patch: Patch) -> Contents:
    """What the patch makes of the files that `read` gives (None where there is none); raises PatchError."""
    contents: Contents = {}
    for file in patch.files:
        if file.source is not None and file.source != file.target:
            contents[file.source] = None
        if file.target is not None:
            _check_free(read, file)
        after = _after(read, file)
        if file.target is not None:
            contents[file.target] = after
        elif after:
            raise PatchError(f"The patch deletes {shown(file.path)}, which has more than it removes.", path=file.path)
    return contents


def _after(read: Callable[[str], bytes | None], file: FilePatch) -> bytes:
    before = b"" if file.source is None else read(file.source)
    if before is None:
        if not (file.in_place and len(file.hunks) == 1 and not file.hunks[0].before):
            raise PatchError(f"There is no file {shown(file.source or '')} to patch.", path=file.source or "")
        before = b""  # A diff that names a new file on both sides.
    return content_of(_lines_after(lines_of(before), file))


def _check_free(read: Callable[[str], bytes | None], file: FilePatch) -> None:
    target = file.target or ""
    if not file.in_place and read(target) is not None:
        raise PatchError(f"The patch makes {shown(target)}, which is there already.", path=target)


def _lines_after(lines: list[str], file: FilePatch) -> list[str]:
    after: list[str] = []
    position = 0
    for number, hunk in enumerate(file.hunks, 1):
        start = _place(lines, hunk, position)
        if start is None:
            raise PatchError(
                f"Hunk {number} of {shown(file.path)} does not apply: its lines do not stand at line {hunk.start + 1}, "
                "nor at exactly one other place.",
                path=file.path,
            )
        after += lines[position:start]
        after += hunk.after
        position = start + len(hunk.before)
    after += lines[position:]
    if any(not line.endswith("\n") for line in after[:-1]):
        raise PatchError(f"The patch would join two lines of {shown(file.path)}.", path=file.path)
    return after


def _place(lines: list[str], hunk: Hunk, position: int) -> int | None:
    """Where the hunk's lines stand, at or after `position`; None where nowhere or not for certain."""
    before = hunk.before
    length = len(before)
    if hunk.start >= position and lines[hunk.start : hunk.start + length] == before:
        # Without any line of the file to hold on to, the place must at least exist.
        return hunk.start if length or hunk.start <= len(lines) else None
    # Lines made for it would have each place compared to the very end, for hours.
    if not length or length * (len(lines) - length) > MOST_COMPARED_LINES:
        return None
    found = [i for i in range(position, len(lines) - length + 1) if lines[i : i + length] == before]
    return found[0] if len(found) == 1 else None
