"""The assembly that one function becomes: labelled, with the source lines it stands for, and its innermost loops."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.compiler.compilers import NOT_FOUND, Place, compiled, missing
from tools.compiler.dialects import Dialect
from tools.compiler.units import Unit
from tools.errors import ToolError

_MARK = "#### demangled ####"
_THEN = f'cat /tmp/.assembly; printf "\\n%s\\n" "{_MARK}"; c++filt < /tmp/.assembly || cat /tmp/.assembly'
_LABEL = re.compile(r"^(?P<name>[^\s#.][^\n]*?|\.L\w+):\s*(#.*)?$")
_LOCATION = re.compile(r"^\s*\.loc\s+\d+\s+(\d+)")
_DIRECTIVE = re.compile(r"^\s*\.(?!L)\w")
_END = re.compile(r"^\s*\.(size|cfi_endproc)\b")
_JUMP = re.compile(r"^\s*(?:j\w+|b(?:\.\w+)?|cbn?z|tbn?z|loop\w*)\s+(?:.*[\s,])?(\.L\w+)")
_OF_DEBUGGERS = re.compile(r"\.L(VL|FB|FE|BB|BE|VU|func_\w+|tmp|cfi|text|etext)\d*$")
_COMMENT = re.compile(r"\s+(#|//).*$")
_CLONE = re.compile(r"\.(?:part|constprop|isra|cold|lto_priv|llvm)\b.*$")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One label or instruction."""

    raw: str
    """As the compiler wrote it."""
    shown: str
    """With names as in the source."""
    source: int | None
    """The source line that it stands for, where the compiler says."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One function's assembly."""

    name: str
    lines: tuple[Line, ...]

    @property
    def instructions(self) -> int:
        """How many there are."""
        return sum(1 for line in self.lines if not _LABEL.match(line.raw))

    def innermost_loops(self) -> tuple[tuple[Line, ...], ...]:
        """From a label to the jump back to it, where no other such stretch stands within."""
        labels: dict[str, int] = {}
        loops: list[tuple[int, int]] = []
        for number, line in enumerate(self.lines):
            if label := _LABEL.match(line.raw):
                labels[label["name"]] = number
            elif (jump := _JUMP.match(line.raw)) and jump[1] in labels:
                loops.append((labels[jump[1]], number))
        inner = [
            (first, last)
            for first, last in loops
            if not any(one != (first, last) and first <= one[0] and one[1] <= last for one in loops)
        ]
        return tuple(self.lines[first : last + 1] for first, last in inner)


def assembly(place: Place, unit: Unit, dialect: Dialect, function: str) -> tuple[Listing, ...]:
    """What a function becomes, its clones included; raises ToolError where it becomes nothing of its own."""
    finished, _ = compiled(place, unit, dialect, ("-S", "-g1", "-o", "/tmp/.assembly"), _THEN)
    if finished.exit_code == NOT_FOUND:
        raise ToolError(missing(dialect))
    if not finished.ok:
        raise ToolError(f"{dialect.name} does not compile {unit.source}: {finished.tail(3)}")
    raw, _, shown = finished.stdout.decode("utf-8", "replace").partition(f"\n{_MARK}\n")
    found = listings(raw.splitlines(), shown.splitlines(), function)
    if not found:
        raise ToolError(
            f"{dialect.name} makes no code of its own for {function} in {unit.source}: it is inlined into its callers, "
            "or nothing calls it. Ask for the assembly of a function that calls it."
        )
    return found


def listings(raw: Sequence[str], shown: Sequence[str], function: str) -> tuple[Listing, ...]:
    """The functions of this name in a compiler's output, which `shown` has line by line with readable names."""
    found: list[Listing] = []
    number, last = 0, min(len(raw), len(shown))
    while number < last:
        label = _LABEL.match(shown[number])
        if label and not label["name"].startswith(".L") and _is_named(label["name"], function):
            lines, number = _body(raw, shown, number)
            if len(lines) > 1:
                found.append(Listing(name=label["name"], lines=tuple(lines)))
        number += 1
    return tuple(found)


def _body(raw: Sequence[str], shown: Sequence[str], first: int) -> tuple[list[Line], int]:
    lines: list[Line] = []
    source: int | None = None
    for number in range(first, min(len(raw), len(shown))):
        text = raw[number]
        if _END.match(text):
            return lines, number
        if location := _LOCATION.match(text):
            source = int(location[1]) or source
        elif text.strip() and not _DIRECTIVE.match(text) and not text.lstrip().startswith("#"):
            label = _LABEL.match(text)
            if label is None or not _OF_DEBUGGERS.match(label["name"]):
                lines.append(Line(raw=text, shown=_COMMENT.sub("", shown[number]).rstrip(), source=source))
    return lines, len(raw)


def _is_named(label: str, function: str) -> bool:
    """Whether a label is of a function, named in full or by its last part."""
    name = re.sub(r" \[clone .*\]$", "", label)
    name = _CLONE.sub("", re.sub(r"\(.*$", "", name)).split(" ")[-1]
    return name == function or name.endswith(f"::{function}")
