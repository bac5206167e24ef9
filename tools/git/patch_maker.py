"""Making patches: from contents before and after, and one out of several."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.git.hunks import FilePatch, Patch, PatchError, content_of, lines_of
from tools.git.line_edits import LineEdit, applied, hunks_of, line_edits
from tools.git.patch_apply import Contents, apply_patch
from tools.git.paths import path_problem, plain_file, shown

TOP_LEVEL = re.compile(r"^(?:[^\s#)\]}]|#)")


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Two patches that cannot be made into one."""

    path: str
    patches: tuple[int, int]
    """Their positions in what was combined."""
    line: int | None
    """Of the snapshot's file, counted from 1; None where the whole file is in dispute."""

    def __str__(self) -> str:
        where = f"line {self.line} of {shown(self.path)}" if self.line is not None else shown(self.path)
        return f"Patches {self.patches[0]} and {self.patches[1]} both change {where}."


def make_patch(before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]) -> str:
    """The unified diff, as git applies it, from contents before to contents after; empty where nothing differs.

    A path that is missing or None in one of them is a file that is not there. Raises PatchError for paths that leave
    the repository and for binary contents.
    """
    files = (_file(path, before.get(path), after.get(path)) for path in sorted({*before, *after}))
    return Patch(files=tuple(file for file in files if file is not None)).text


def combine(tree: Path, patches: Sequence[Patch]) -> Patch | Conflict:
    """One patch that does what all of them do, each against the same tree; or the first conflict between two of them.

    Regions that overlap conflict unless the edits are the same. What two patches insert at the same place of a Python
    module's top level (imports, constants) is kept from both, in order. Raises PatchError where one does not apply.
    """
    results = [apply_patch(tree, patch) for patch in patches]
    paths = sorted({path for result in results for path in result})
    before: Contents = {}
    after: Contents = {}
    for path in paths:
        file = plain_file(tree, path)
        before[path] = None if file is None else file.read_bytes()
        versions = [(number, result[path]) for number, result in enumerate(results) if path in result]
        merged = _merged(path, before[path], versions)
        if isinstance(merged, Conflict):
            return merged
        after[path] = merged
    files = (_file(path, before[path], after[path]) for path in paths)
    return Patch(files=tuple(file for file in files if file is not None))


def _file(path: str, before: bytes | None, after: bytes | None) -> FilePatch | None:
    if before == after:
        return None
    if problem := path_problem(path):
        raise PatchError(f"{shown(path)!r} cannot be changed: {problem}.", path=path)
    if b"\0" in (before or b"") + (after or b""):
        raise PatchError(f"{shown(path)} is a binary file and cannot be changed.", path=path)
    old, new = lines_of(before or b""), lines_of(after or b"")
    return FilePatch(
        source=None if before is None else path,
        target=None if after is None else path,
        hunks=hunks_of(old, line_edits(old, new)),
    )


def _merged(path: str, before: bytes | None, versions: Sequence[tuple[int, bytes | None]]) -> bytes | Conflict | None:
    (first, after), *others = versions
    if all(version == after for _, version in others):
        return after
    if before is None or any(version is None for _, version in versions):
        number = next(number for number, version in others if version != after)
        return Conflict(path=path, patches=(first, number), line=None)
    old = lines_of(before)
    edits: list[tuple[int, LineEdit]] = []
    for number, version in versions:
        for edit in line_edits(old, lines_of(version or b"")):
            clash = _add(edits, number, edit, python=path.endswith(".py"))
            if clash is not None:
                return Conflict(path=path, patches=(clash, number), line=edit.start + 1)
    return content_of(applied(old, [edit for _, edit in edits]))


def _add(edits: list[tuple[int, LineEdit]], number: int, edit: LineEdit, *, python: bool) -> int | None:
    """Put an edit among those of other patches, in order; the number of the patch that it conflicts with, if any."""
    for i, (other, known) in enumerate(edits):
        if edit == known:
            return None
        if edit.start == edit.end == known.start == known.end:
            if other != number and not (python and _top_level(edit) and _top_level(known)):
                return other
            fresh = tuple(line for line in edit.lines if line not in known.lines or not _is_import(line))
            edits[i] = (other, LineEdit(start=known.start, end=known.end, lines=known.lines + fresh))
            return None
        if max(edit.start, known.start) < min(edit.end, known.end) or _inside(edit, known) or _inside(known, edit):
            return other
    edits.append((number, edit))
    edits.sort(key=lambda item: (item[1].start, item[1].end))
    return None


def _inside(insertion: LineEdit, other: LineEdit) -> bool:
    return insertion.start == insertion.end and other.start < insertion.start < other.end


def _top_level(edit: LineEdit) -> bool:
    """Whether what is inserted starts an unindented statement, so that its place is between such statements."""
    first = next((line for line in edit.lines if line.strip()), "")
    return bool(TOP_LEVEL.match(first))


def _is_import(line: str) -> bool:
    return line.startswith(("import ", "from "))
