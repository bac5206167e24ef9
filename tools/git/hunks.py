"""The nouns of a patch: files, hunks and lines, and how they are written as a unified diff that git applies.

Lines are text decoded from UTF-8 with `surrogateescape`, so that any bytes survive; each ends in a newline unless it is
the last of a file without one.
"""

import os
import re
from dataclasses import dataclass, replace

from tools.errors import UserError

NO_NEWLINE = "\\ No newline at end of file\n"
EMPTY_BLOB = "e69de29"
NEEDS_QUOTES = re.compile(r'[\x00-\x20"\\\x7f\ud800-\udfff]')


class PatchError(UserError):
    """A patch is refused, or does not apply; the message says where and why."""

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(message, status=422)
        self.path = path


@dataclass(frozen=True, kw_only=True)
class Hunk:
    """One changed region of a file with its context."""

    start: int
    """How many lines of the source stand before it, if nothing was moved."""
    lines: tuple[tuple[str, str], ...]
    """Each with its kind: " " context, "-" removed, "+" added."""

    @property
    def before(self) -> list[str]:
        """What it expects in the source."""
        return [text for kind, text in self.lines if kind != "+"]

    @property
    def after(self) -> list[str]:
        """What it puts there."""
        return [text for kind, text in self.lines if kind != "-"]


@dataclass(frozen=True, kw_only=True)
class FilePatch:
    """All hunks of one file; a new file has no source, a deleted one no target, a renamed one two different paths."""

    source: str | None
    target: str | None
    hunks: tuple[Hunk, ...] = ()

    @property
    def path(self) -> str:
        """Where the file is afterwards, or was."""
        return self.target or self.source or ""

    @property
    def in_place(self) -> bool:
        """Whether it changes a file that stays where it is."""
        return self.source == self.target

    @property
    def text(self) -> str:
        """As git writes it."""
        named = self.source or self.path
        lines = [f"diff --git {quoted(f'a/{named}')} {quoted(f'b/{self.path}')}\n"]
        if self.source is None:
            lines.append("new file mode 100644\n")
        elif self.target is None:
            lines.append("deleted file mode 100644\n")
        elif self.source != self.target:
            lines.append(f"rename from {quoted(self.source)}\nrename to {quoted(self.target)}\n")
        if self.hunks:
            lines.append(f"--- {_header_name('a/', self.source)}\n+++ {_header_name('b/', self.target)}\n")
        elif self.source is None or self.target is None:
            ends = ("0000000", EMPTY_BLOB) if self.source is None else (EMPTY_BLOB, "0000000")
            lines.append(f"index {ends[0]}..{ends[1]}\n")
        moved = 0
        for hunk in self.hunks:
            lines.append(_hunk_text(hunk, moved))
            moved += len(hunk.after) - len(hunk.before)
        return "".join(lines)


@dataclass(frozen=True, kw_only=True)
class Patch:
    """A parsed patch: each file at most once, every path plain and beneath the repository's root."""

    files: tuple[FilePatch, ...] = ()

    @property
    def text(self) -> str:
        """The unified diff, with `a/` and `b/` prefixes; empty where nothing changes."""
        return "".join(file.text for file in self.files)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path it touches, sorted."""
        return tuple(sorted({path for file in self.files for path in (file.source, file.target) if path is not None}))

    @property
    def pieces(self) -> tuple[tuple[int, int | None], ...]:
        """What can be dropped by itself: (file, hunk), or (file, None) for a file made, deleted or renamed."""
        return tuple(
            piece
            for number, file in enumerate(self.files)
            for piece in ([(number, hunk) for hunk in range(len(file.hunks))] if file.in_place else [(number, None)])
        )


def below(patch: Patch, folder: str) -> Patch:
    """The patch with every path taken to be relative to `folder`."""

    def moved(path: str | None) -> str | None:
        return None if path is None else f"{folder}/{path}"

    files = (replace(file, source=moved(file.source), target=moved(file.target)) for file in patch.files)
    return Patch(files=tuple(files))


def drop_hunk(patch: Patch, i: int) -> Patch:
    """The patch without its i-th piece (`Patch.pieces`); raises IndexError."""
    return _chosen(patch, {piece for piece in patch.pieces if piece != patch.pieces[i]})


def split_hunks(patch: Patch) -> tuple[Patch, ...]:
    """One patch for each piece, all against the same source."""
    return tuple(_chosen(patch, {piece}) for piece in patch.pieces)


def quoted(path: str) -> str:
    """A path as git writes it in a diff: in quotes with escapes where it holds what would be misread.

    Git leaves spaces as they are, which makes some names ambiguous; escaped, they are read the same by all.
    """
    if not NEEDS_QUOTES.search(path):
        return path
    escaped = "".join(
        chr(byte) if 0x20 < byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}" for byte in os.fsencode(path)
    )
    return f'"{escaped}"'


def lines_of(content: bytes) -> list[str]:
    """The lines of a file, each with its newline; only a newline ends a line."""
    parts = content.decode("utf-8", "surrogateescape").split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def content_of(lines: list[str]) -> bytes:
    """The file that has these lines."""
    return "".join(lines).encode("utf-8", "surrogateescape")


def _chosen(patch: Patch, pieces: set[tuple[int, int | None]]) -> Patch:
    files = []
    for number, file in enumerate(patch.files):
        if (number, None) in pieces:
            files.append(file)
        elif hunks := tuple(hunk for i, hunk in enumerate(file.hunks) if (number, i) in pieces):
            files.append(FilePatch(source=file.source, target=file.target, hunks=hunks))
    return Patch(files=tuple(files))


def _header_name(prefix: str, path: str | None) -> str:
    return "/dev/null" if path is None else quoted(prefix + path)


def _hunk_text(hunk: Hunk, moved: int) -> str:
    before, after = len(hunk.before), len(hunk.after)
    # A side without lines is counted from the line before it.
    source, target = hunk.start + (before > 0), hunk.start + moved + (after > 0)
    parts = [f"@@ -{_span(source, before)} +{_span(target, after)} @@\n"]
    for kind, text in hunk.lines:
        parts.append(kind + text if text.endswith("\n") else f"{kind}{text}\n{NO_NEWLINE}")
    return "".join(parts)


def _span(start: int, length: int) -> str:
    return str(start) if length == 1 else f"{start},{length}"
