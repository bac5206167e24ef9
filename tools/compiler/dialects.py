"""How gcc and clang are asked for remarks, and how each says them."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.compiler.remarks import Cause, Kind, Remark, cause_of
from tools.recipe.places import PROJECT

_PLACE = re.compile(r"(?P<path>[^\s:][^:\n]*):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<kind>[a-z ]+): (?P<text>.*)")
_DIAGNOSTICS = {"error", "fatal error", "warning"}
_CLANG_KINDS = {"pass": Kind.APPLIED, "pass-missed": Kind.MISSED, "pass-analysis": Kind.ANALYSIS}
_CLANG_PASS = re.compile(r" \[-R(pass|pass-missed|pass-analysis)=([\w-]+)\]$")
_GCC_KINDS = {"optimized": Kind.APPLIED, "missed": Kind.MISSED}
# Of gcc's notes only these say something that a person can act upon.
_GCC_NOTES = re.compile(r"versioning for alias|can't determine dependence|dependence distance|cost model")
_GCC_NOISE = re.compile(
    r"not inlinable: .* -> __builtin|__builtin_unreachable|[Gg]uard|it never loops|will not early inline"
)
_CLANG_NOISE = re.compile(
    r"interleaving is (not )?beneficial|with cost 0 >= 0|attempt to reorder|conditionally executed"
    r"|vectorization was impossible|not eliminated$"
)
_PASSES = {
    **dict.fromkeys(("loop-vectorize", "slp-vectorizer", "loop-accesses"), "vectorise"),
    **dict.fromkeys(("licm", "gvn"), "memory"),
    "inline": "inline",
}
_SYMBOL = re.compile(r"(\w+)/\d+\b")
"""gcc numbers functions."""


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """A warning or an error."""

    path: str
    line: int
    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One compiler's flags and words."""

    name: str
    c: str
    cpp: str
    package: str
    """That brings it on Debian."""
    remarks: tuple[str, ...]
    """Flags that make it say what it optimises."""
    plain: tuple[str, ...]
    """Flags that make its words easy to read."""


GCC = Dialect(
    name="gcc",
    c="gcc",
    cpp="g++",
    package="gcc g++",
    remarks=("-fopt-info-vec-all", "-fopt-info-inline-optimized-missed", "-fopt-info-loop-optimized-missed"),
    plain=("-fdiagnostics-color=never", "-fno-diagnostics-show-caret", "-Wall", "-Wno-error"),
)
CLANG = Dialect(
    name="clang",
    c="clang",
    cpp="clang++",
    package="clang llvm",
    remarks=(
        "-Rpass=loop-vectorize|slp-vectorizer|inline|loop-unroll|loop-interchange|loop-idiom",
        "-Rpass-missed=loop-vectorize|slp-vectorizer|inline|licm|gvn",
        "-Rpass-analysis=loop-vectorize|loop-accesses",
    ),
    plain=(
        *("-fno-color-diagnostics", "-fno-caret-diagnostics", "-gline-tables-only", "-Wall", "-Wno-error"),
        *("-Wno-unknown-warning-option", "-Wno-ignored-optimization-argument", "-Qunused-arguments"),
    ),
)
DIALECTS = (GCC, CLANG)


def diagnostics(text: str, directory: str) -> tuple[Diagnostic, ...]:
    """Warnings and errors within the project, each once."""
    found = (
        Diagnostic(path=path, line=int(match["line"]), kind=match["kind"].strip(), text=match["text"])
        for match, path in _placed(text, directory)
        if match["kind"].strip() in _DIAGNOSTICS
    )
    return tuple(dict.fromkeys(found))


def remarks(dialect: Dialect, text: str, directory: str) -> Iterator[Remark]:
    """What a compiler said of files of the project."""
    read = _clang if dialect is CLANG else _gcc
    for match, path in _placed(text, directory):
        if (found := read(match["kind"].strip(), match["text"].strip())) is not None:
            kind, passed, message = found
            yield Remark(
                path=path,
                line=int(match["line"]),
                column=int(match["column"] or 0),
                compiler=dialect.name,
                passed=passed,
                kind=kind,
                message=message,
                cause=None if kind is Kind.APPLIED and not _conditional(message) else _cause(passed, message),
            )


def _placed(text: str, directory: str) -> Iterator[tuple[re.Match[str], str]]:
    for line in text.splitlines():
        if match := _PLACE.match(line):
            place = posixpath.normpath(posixpath.join(directory, match["path"]))
            if place.startswith(f"{PROJECT}/"):
                yield match, place.removeprefix(f"{PROJECT}/")


def _gcc(kind: str, text: str) -> tuple[Kind, str, str] | None:
    if kind == "note":
        return (Kind.ANALYSIS, "vectorise", text) if _GCC_NOTES.search(text) else None
    if kind not in _GCC_KINDS or _GCC_NOISE.search(text):
        return None
    message = _SYMBOL.sub(r"\1", text)
    passed = "inline" if re.search(r"inlin", text, re.IGNORECASE) else "loop" if "unroll" in text else "vectorise"
    return _GCC_KINDS[kind], passed, message


def _clang(kind: str, text: str) -> tuple[Kind, str, str] | None:
    named = _CLANG_PASS.search(text)
    if kind != "remark" or named is None or _CLANG_NOISE.search(text[: named.start()]):
        return None
    passed = _PASSES.get(named[2], "loop")
    return _CLANG_KINDS[named[1]], passed, text[: named.start()]


def _conditional(message: str) -> bool:
    """Whether something was applied at a price, such as a check while it runs."""
    return "versioned" in message


def _cause(passed: str, message: str) -> Cause | None:
    found = cause_of(message)
    return Cause.CALL if found is None and passed == "inline" else found
