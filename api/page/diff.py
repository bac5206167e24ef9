"""A patch as lines to show, each in the colours of its language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pygments.lexers import get_lexer_for_filename
from pygments.lexers.special import TextLexer
from pygments.token import STANDARD_TYPES, Token
from pygments.util import ClassNotFound

from api.legible import shown
from tools.git.hunks import FilePatch, Hunk
from tools.git.patch import PatchError, parse_patch

MOST_COLOURED = 60_000
"""Characters of a hunk's side; a longer one is shown without colours."""
PLAIN_TYPES = re.compile("^(w|p|)$")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Text of one colour."""

    style: str
    text: str


@dataclass(frozen=True, kw_only=True)
class DiffLine:
    """One line of a hunk."""

    kind: str
    """`add`, `del` or `same`."""
    before: int | None
    after: int | None
    pieces: tuple[Piece, ...]
    ends: bool
    """Whether a newline ends it."""

    @property
    def mark(self) -> str:
        """As a unified diff has it."""
        return {"add": "+", "del": "-"}.get(self.kind, " ")


@dataclass(frozen=True, kw_only=True)
class FileDiff:
    """What changes in one file, hunk by hunk."""

    path: str
    what: str
    """`new file`, `deleted`, `renamed from ...`; empty for a change in place."""
    hunks: tuple[tuple[DiffLine, ...], ...]
    added: int
    removed: int


def diff_of(patch: str) -> tuple[FileDiff, ...]:
    """The files of a patch; of one that cannot be read, its text as a single hunk."""
    try:
        return tuple(_file(file) for file in parse_patch(patch).files)
    except PatchError:
        lines = [_line("same", None, None, [Piece(style="", text=shown(text))]) for text in patch.split("\n")]
        return (FileDiff(path="not a unified diff", what="", hunks=(tuple(lines),), added=0, removed=0),)


def _file(file: FilePatch) -> FileDiff:
    what = ""
    if file.source is None:
        what = "new file"
    elif file.target is None:
        what = "deleted"
    elif file.source != file.target:
        what = f"renamed from {file.source}"
    moved = 0
    hunks = []
    for hunk in file.hunks:
        hunks.append(_hunk(hunk, file.path, moved))
        moved += len(hunk.after) - len(hunk.before)
    kinds = [kind for hunk in file.hunks for kind, _ in hunk.lines]
    return FileDiff(path=file.path, what=what, hunks=tuple(hunks), added=kinds.count("+"), removed=kinds.count("-"))


def _hunk(hunk: Hunk, path: str, moved: int) -> tuple[DiffLine, ...]:
    before, after = iter(_coloured(hunk.before, path)), iter(_coloured(hunk.after, path))
    old, new = hunk.start, hunk.start + moved
    lines = []
    for kind, text in hunk.lines:
        ends = text.endswith("\n")
        if kind == "-":
            old += 1
            lines.append(_line("del", old, None, next(before), ends=ends))
        elif kind == "+":
            new += 1
            lines.append(_line("add", None, new, next(after), ends=ends))
        else:
            old, new = old + 1, new + 1
            next(before)
            lines.append(_line("same", old, new, next(after), ends=ends))
    return tuple(lines)


def _line(kind: str, before: int | None, after: int | None, pieces: Sequence[Piece], *, ends: bool = True) -> DiffLine:
    return DiffLine(kind=kind, before=before, after=after, pieces=tuple(pieces), ends=ends)


def _coloured(lines: Sequence[str], path: str) -> list[list[Piece]]:
    """The pieces of each line. Controls are written out before, so that a lexer cannot take them for line ends."""
    texts = [shown(text.removesuffix("\n")) for text in lines]
    plain = [[Piece(style="", text=text)] for text in texts]
    if sum(map(len, texts)) > MOST_COLOURED:
        return plain
    found: list[list[Piece]] = [[]]
    for kind, value in _lexer(path).get_tokens("\n".join(texts)):
        first, *others = value.split("\n")
        found[-1] += _piece(kind, first)
        found.extend(_piece(kind, text) for text in others)
    joined = ["".join(piece.text for piece in line) for line in found]
    return found if joined == texts else plain


def _piece(kind: Any, text: str) -> list[Piece]:
    if not text:
        return []
    while kind not in STANDARD_TYPES and kind is not Token:
        kind = kind.parent
    style = STANDARD_TYPES.get(kind, "")
    return [Piece(style="" if PLAIN_TYPES.match(style) else style[:2], text=text)]


def _lexer(path: str) -> Any:
    options: dict[str, Any] = {"stripnl": False, "ensurenl": False}
    try:
        return get_lexer_for_filename(path, **options)
    except ClassNotFound:
        return TextLexer(**options)
