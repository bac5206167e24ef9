"""Reading a patch that somebody wrote: a unified diff by git, by `diff -u`, or by hand."""

import os
import re
from collections.abc import Iterable

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as ParsedHunk
from unidiff.patch import PatchedFile, PatchSet

from tools.git.hunks import FilePatch, Hunk, Patch, PatchError
from tools.git.paths import path_problem, shown

MOST_PATCH_CHARACTERS = 4 << 20
MOST_LINES = 100_000
MOST_FILES = 500
NOWHERE = "/dev/null"
HEADER_LINE = re.compile(r"^(?:--- |\+\+\+ |@@ -|diff --git )[^\n]*", re.MULTILINE)
ESCAPE = re.compile(rb'\\([0-7]{1,3}|[abfnrtv"\\])')
ESCAPED = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
EPOCH = re.compile(r"^(?:1970-01-01|1969-12-31) ")
REFUSED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:GIT binary patch|Binary files .* differ)$"), "it changes a binary file"),
    (re.compile(r"^(?:old|new) mode \d+$"), "it changes a file's mode"),
    (re.compile(r"^(?:(?:new|deleted) file mode|index [0-9a-f]+\.\.[0-9a-f]+) 120000$"), "it touches a symbolic link"),
    (re.compile(r"^(?:(?:new|deleted) file mode|index [0-9a-f]+\.\.[0-9a-f]+) 160000$"), "it touches a submodule"),
    (re.compile(r"^new file mode (?!100644$)"), "it makes a file with a mode of its own"),
    (re.compile(r"^copy (?:from|to) "), "it copies a file"),
)
"""Lines between hunks that stand for something other than a change of text, and what to say about them."""


def parse_patch(text: str) -> Patch:
    """The patch that a unified diff describes; an empty text is the patch that changes nothing.

    Paths may have git's prefixes (`a/`, `b/`) or none. Raises PatchError, one sentence, for what is not a unified diff,
    is too large, leaves the repository, or changes anything but the text of regular files.
    """
    if len(text) > MOST_PATCH_CHARACTERS:
        raise PatchError(f"The patch is larger than {MOST_PATCH_CHARACTERS >> 20} MiB.")
    if not text.strip():
        return Patch()
    if text.count("\n") > MOST_LINES:
        raise PatchError(f"The patch has more than {MOST_LINES} lines.")
    text = _with_plain_newlines(text)
    if "\0" in text:
        raise PatchError("The patch is refused: it changes a binary file.")
    try:
        parsed = PatchSet(text)
    except (UnidiffParseError, ValueError) as error:  # ValueError: a number of thousands of digits.
        raise PatchError(f"The patch is not a valid unified diff: {str(error).strip()}.") from error
    _check_other_lines(text, parsed)
    if not parsed:
        raise PatchError("The patch holds no changes: it is no unified diff.")
    if len(parsed) > MOST_FILES:
        raise PatchError(f"The patch touches more than {MOST_FILES} files.")
    patch = Patch(files=tuple(_file(file, plain=_is_plain(parsed)) for file in parsed))
    _check_paths(patch)
    return patch


def _with_plain_newlines(text: str) -> str:
    """With a newline at the end, and without carriage returns where the patch as a whole was converted to have them."""
    headers = HEADER_LINE.findall(text)
    if headers and all(header.endswith("\r") for header in headers):
        text = text.replace("\r\n", "\n")
    return text if text.endswith("\n") else f"{text}\n"


def _check_other_lines(text: str, parsed: PatchSet) -> None:
    """Refuse what a parser would overlook: special changes, and lines that a hunk's counts leave out."""
    in_hunks = {line.diff_line_no for file in parsed for hunk in file for line in hunk}
    after_hunk = False
    for number, line in enumerate(text.split("\n"), 1):
        if number in in_hunks:
            after_hunk = True
            continue
        for pattern, reason in REFUSED:
            if pattern.match(line):
                raise PatchError(f"The patch is refused: {reason}.")
        if after_hunk and line.startswith((" ", "+", "-")) and not line.startswith(("-- ", "--- ")) and line != "--":
            raise PatchError(f"The patch is not a valid unified diff: line {number} is beyond its hunk's counts.")
        after_hunk = after_hunk and line.startswith("\\")


def _file(file: PatchedFile, *, plain: bool) -> FilePatch:
    hunks = tuple(_hunk(hunk, file.path) for hunk in file)
    source, target = _names(file, plain=plain)
    only_before = len(hunks) == 1 and not hunks[0].after and hunks[0].start == 0
    only_after = len(hunks) == 1 and not hunks[0].before and hunks[0].start == 0
    # `diff -uN` names a missing file by the time stamp 0.
    if source is not None and only_after and EPOCH.match(file.source_timestamp or ""):
        source = None
    if target is not None and only_before and EPOCH.match(file.target_timestamp or ""):
        target = None
    if (source is None and any(hunk.before for hunk in hunks)) or (target is None and any(h.after for h in hunks)):
        raise PatchError("The patch is not a valid unified diff: a missing file has lines.")
    return FilePatch(source=source, target=target, hunks=hunks)


def _hunk(hunk: ParsedHunk, path: str) -> Hunk:
    lines: list[tuple[str, str]] = []
    for line in hunk:
        if line.line_type in (" ", "+", "-"):
            lines.append((line.line_type, line.value))
        elif line.line_type == "\\" and lines:
            kind, value = lines[-1]
            lines[-1] = (kind, value.removesuffix("\n"))
    made = Hunk(start=hunk.source_start - (hunk.source_length > 0), lines=tuple(lines))
    if made.start < 0 or any(not text.endswith("\n") for side in (made.before, made.after) for text in side[:-1]):
        raise PatchError(f"The patch is not a valid unified diff: a hunk of {shown(path)} is malformed.")
    return made


def _names(file: PatchedFile, *, plain: bool) -> tuple[str | None, str | None]:
    """Source and target without prefixes."""
    info = [str(line).rstrip("\n") for line in file.patch_info or ()]
    renamed = [_unquoted(line.split(" ", 2)[2]) for line in info if line.startswith(("rename from ", "rename to "))]
    if len(renamed) == 2:
        return renamed[0], renamed[1]
    header = info[0] if info and info[0].startswith("diff --git ") else ""
    source, target = _unquoted(file.source_file), _unquoted(file.target_file)
    if header and not {source, target} <= {*_header_names(header), NOWHERE}:
        raise PatchError("The patch names two files for one change, or a path with spaces without quotes.")
    if NOWHERE not in (source, target):
        name = _common_name(source, target)
        return name, name
    if source == target:
        raise PatchError("The patch is not a valid unified diff: a file has no name.")
    if header:
        name = _common_name(*_header_names(header))
    else:
        name = target if source == NOWHERE else source
        prefixed = not plain and name.startswith("b/" if source == NOWHERE else "a/")
        name = _relative((_tail(name) if prefixed else name) or "")
    return (None, name) if source == NOWHERE else (name, None)


def _common_name(source: str, target: str) -> str:
    if source == target:
        return _relative(source)
    if _tail(source) is not None and _tail(source) == _tail(target):
        return _relative(_tail(source) or "")
    if source.startswith(target):  # x.py.orig, x.py~
        return _relative(target)
    if target.startswith(source):  # x.py.new
        return _relative(source)
    raise PatchError(f"The patch names two files for one change: {shown(source)} and {shown(target)}.")


def _is_plain(parsed: Iterable[PatchedFile]) -> bool:
    """Whether the patch's paths have no prefixes, as far as its changed files tell."""
    return any(file.source_file == file.target_file != NOWHERE for file in parsed)


def _header_names(header: str) -> tuple[str, str]:
    rest = header.removeprefix("diff --git ").rstrip("\n")
    middle = (len(rest) - 1) // 2
    return _unquoted(rest[:middle]), _unquoted(rest[middle + 1 :])


def _tail(name: str) -> str | None:
    """The name without its first folder."""
    return name.split("/", 1)[1] if "/" in name else None


def _relative(name: str) -> str:
    return name.removeprefix("./")


def _unquoted(name: str) -> str:
    """A name as it is, from the way git and diff quote odd ones."""
    if len(name) < 2 or not (name.startswith('"') and name.endswith('"')):
        return name

    def plain(found: re.Match[bytes]) -> bytes:
        escape = found[1]
        if escape.isdigit():
            return bytes([int(escape, 8) & 0xFF])
        return ESCAPED.get(escape, escape)

    return os.fsdecode(ESCAPE.sub(plain, os.fsencode(name[1:-1])))


def _check_paths(patch: Patch) -> None:
    seen: set[str] = set()
    for file in patch.files:
        for path in {file.source, file.target} - {None}:
            assert path is not None
            if problem := path_problem(path):
                raise PatchError(f"The patch names the path {shown(path)!r}: {problem}.", path=path)
            if path in seen:
                raise PatchError(f"The patch changes {shown(path)} twice.", path=path)
            seen.add(path)
