"""Lines as compilers count them, and how they are shown."""

import re
from collections.abc import Iterable, Sequence

BREAK = re.compile(r"\r\n|\r|\n")
MOST_WIDTH = 400
"""Characters of a line that are shown; longer ones are data."""


def lines_of(text: str) -> list[str]:
    """The lines without their ends; unlike `str.splitlines`, a form feed or a Unicode separator ends none."""
    lines = BREAK.split(text)
    return lines[:-1] if lines[-1] == "" else lines


def numbered(lines: Sequence[str], first: int, last: int) -> list[str]:
    """Lines `first` to `last`, counted from 1 and both included, each behind its number."""
    shown = range(max(1, first), min(last, len(lines)) + 1)
    width = len(str(shown.stop))
    return [f"{number:>{width}}| {narrow(lines[number - 1])}" for number in shown]


def narrow(line: str) -> str:
    """A line, cut where it is very long."""
    return line if len(line) <= MOST_WIDTH else f"{line[:MOST_WIDTH]}... [{len(line)} characters]"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def indented(lines: Iterable[str], by: str = "  ") -> list[str]:
    """The lines, further to the right."""
    return [f"{by}{line}" if line else line for line in lines]
