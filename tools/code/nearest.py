"""Where text stands in a file; and where something like it stands, and what differs, when it does not."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.code.lines import lines_of

NUMBERED = re.compile(r"^[ \t]*\d+[|:\t]", re.MULTILINE)
LEAST_ALIKE = 0.6
MOST_COMPARED = 60_000
"""Characters or words, of all places together that are compared in full; those with the most in common come first."""
SHORT = 300
"""Characters of a text that is compared character by character; longer ones word by word."""
TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, kw_only=True)
class Near:
    """The place in a file that looks most like what was asked for."""

    first_line: int
    last_line: int
    alike: float
    """0 to 1."""
    difference: tuple[str, ...]
    """What was asked for against what stands there, line by line."""
    only_space: bool
    """Whether only indentation, tabs or trailing spaces differ."""


def occurrences(text: str, old: str) -> list[int]:
    """The offsets at which a text stands, none overlapping the one before."""
    found, at = [], text.find(old)
    while at >= 0:
        found.append(at)
        at = text.find(old, at + len(old))
    return found


def line_of(text: str, offset: int) -> int:
    """The line, counted from 1, of an offset in a text with plain newlines."""
    return text.count("\n", 0, offset) + 1


def has_line_numbers(old: str) -> bool:
    """Whether every line begins as numbered lines are shown."""
    lines = [line for line in old.split("\n") if line.strip()]
    return bool(lines) and all(NUMBERED.match(line) for line in lines)


def without_line_numbers(old: str) -> str:
    """The text without what `view` puts before its lines."""
    return re.sub(r"^[ \t]*\d+[|:\t] ?", "", old, flags=re.MULTILINE)


def nearest(text: str, old: str) -> Near | None:
    """The place most like `old`; None where nothing is much like it."""
    here, wanted = lines_of(text), lines_of(old)
    while wanted and not wanted[0].strip():
        wanted = wanted[1:]
    while wanted and not wanted[-1].strip():
        wanted = wanted[:-1]
    if not here or not wanted:
        return None
    bare = [_bare(line) for line in here]
    asked = [_bare(line) for line in wanted]
    best: tuple[float, int, int] | None = None
    pieces = _pieces(asked, short=len(old) <= SHORT)
    most = max(3, MOST_COMPARED // (len(pieces) ** 2 // 20 + 1))
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(pieces)
    for start, size in _windows(bare, asked)[:most]:
        matcher.set_seq1(_pieces(bare[start : start + size], short=len(old) <= SHORT))
        ratio = matcher.ratio()
        if best is None or ratio > best[0]:
            best = (ratio, start, size)
    if best is None or best[0] < LEAST_ALIKE:
        return None
    ratio, start, size = best
    there = here[start : start + size]
    return Near(
        first_line=start + 1,
        last_line=start + size,
        alike=ratio,
        difference=tuple(_difference(wanted, there)),
        only_space=asked == bare[start : start + size],
    )


def _windows(bare: Sequence[str], asked: Sequence[str]) -> list[tuple[int, int]]:
    """Places of about the same number of lines, the most promising first."""
    lines = {line for line in asked if line}
    words = {word for line in asked for word in re.findall(r"\w+", line)}
    shared = [
        (len(words & set(re.findall(r"\w+", line))) / max(1, len(words))) + (1.0 if line in lines else 0.0)
        for line in bare
    ]
    found: list[tuple[float, int, int]] = []
    for size in sorted({max(1, len(asked) + more) for more in (-1, 0, 1)}, key=lambda size: abs(size - len(asked))):
        score = sum(shared[:size])
        for start in range(max(1, len(bare) - size + 1)):
            if start:
                score += (shared[start + size - 1] if start + size - 1 < len(bare) else 0.0) - shared[start - 1]
            if score > 0:
                found.append((score - abs(size - len(asked)) * 0.01, start, min(size, len(bare) - start)))
    found.sort(key=lambda one: (-one[0], one[1], one[2]))
    return [(start, size) for _, start, size in found]


def _pieces(lines: Sequence[str], *, short: bool) -> Sequence[str]:
    text = "\n".join(lines)
    return text if short else TOKEN.findall(text)


def _bare(line: str) -> str:
    return " ".join(line.split())


def _difference(wanted: Sequence[str], there: Sequence[str]) -> list[str]:
    """A line diff in which spaces and tabs that differ are made visible."""
    shown: list[str] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, wanted, there, autojunk=False).get_opcodes():
        if tag == "equal":
            shown += [f"  {line}" for line in there[k:m]]
            continue
        mine, theirs = wanted[i:j], there[k:m]
        spaces = [_bare(line) for line in mine] == [_bare(line) for line in theirs]
        shown += [f"- {_visible(line) if spaces else line}" for line in mine]
        shown += [f"+ {_visible(line) if spaces else line}" for line in theirs]
    return shown


def _visible(line: str) -> str:
    """A line with its leading and trailing white space written out."""
    body = line.strip()
    if not body:
        return line.replace("\t", "→").replace(" ", "·")
    start, _, end = line.partition(body)
    return f"{start.replace(chr(9), '→').replace(' ', '·')}{body}{end.replace(chr(9), '→').replace(' ', '·')}"
