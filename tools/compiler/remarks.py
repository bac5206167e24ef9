"""What optimisers say of lines, in one form for every compiler, with the cause by name and the worst first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tools.compiler.functions import NativeFile


class Kind(StrEnum):
    """What an optimiser did at a place."""

    MISSED = "missed"
    APPLIED = "applied"
    ANALYSIS = "analysis"
    """Why, or under which condition."""


class Cause(StrEnum):
    """Why an optimisation was not applied, in words that do not differ between compilers."""

    DEPENDENCE = "loop-carried dependence"
    ALIAS = "may alias"
    NON_AFFINE = "non-affine or strided access"
    EARLY_EXIT = "early exit"
    TRIP_COUNT = "unknown trip count"
    CALL = "call that cannot be inlined or vectorised"
    COST = "cost model"
    FLOAT_ORDER = "order of floating-point operations"
    TYPE = "unsupported type or operation"
    NESTED = "not the innermost loop"


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One remark at one place."""

    path: str
    """From the repository's root."""
    line: int
    column: int
    compiler: str
    passed: str
    """The optimisation: `vectorise`, `inline`, `loop`, `memory`."""
    kind: Kind
    message: str
    cause: Cause | None = None
    times: int = 1
    """How often the compiler said it."""


# The first that matches counts; the words are those of gcc 8 to 15 and of clang 11 to 20.
_CAUSES: tuple[tuple[re.Pattern[str], Cause], ...] = tuple(
    (re.compile(words, re.IGNORECASE), cause)
    for words, cause in (
        (r"reorder floating|floating-point operations|unsafe fp|fp math", Cause.FLOAT_ORDER),
        (r"cost.?model|not (beneficial|profitable)|too costly|cost=|growth|too (large|big)|unlikely", Cause.COST),
        (r"early exit|multiple exits|control flow in loop|exiting block|more than one exit", Cause.EARLY_EXIT),
        (
            r"bad data dependence|possible dependence|dependence distance|loop-carried|unsafe dependent|backward"
            r"|could not be identified as reduction|unsupported use in (stmt|reduction)|not a supported reduction"
            r"|first.order recurrence|scalar cycle|unknown (?:reduction|def-use cycle)|not used in reduction",
            Cause.DEPENDENCE,
        ),
        (
            r"alias|may invalidate|clobbered|cannot check memory dependenc"
            r"|memory (conflict|checks)|runtime check|can't determine dependence|versioned",
            Cause.ALIAS,
        ),
        (
            r"number of (loop )?iterations|iteration count|trip count|loop control flow|niters|latch block",
            Cause.TRIP_COUNT,
        ),
        (
            r"strid|cannot identify array bounds|data ref analysis failed|(non-?|not )affine|complicated access"
            r"|access pattern|non-consecutive|evolution|unhandled data-ref|grouped access|gather|scatter",
            Cause.NON_AFFINE,
        ),
        (
            r"not inlin|inlin|call instruction|clobbers memory|function call|function body not available|volatile|asm",
            Cause.CALL,
        ),
        (r"nested loop|not the innermost|inner-?loop|outer loop", Cause.NESTED),
        (r"unsupported|no vectype|not supported|not vectorizable type|cannot be vectorized|no optab", Cause.TYPE),
    )
)


def cause_of(message: str) -> Cause | None:
    """The cause that a message names; None where it names none that is known."""
    return next((cause for pattern, cause in _CAUSES if pattern.search(message)), None)


def merged(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Each remark once, with how often it was said; the same words on a line at two columns are one."""
    found: dict[tuple[str, int, str, Kind, str], Remark] = {}
    for one in remarks:
        key = (one.path, one.line, one.compiler, one.kind, one.message)
        found[key] = replace(found[key], times=found[key].times + one.times) if key in found else one
    return tuple(found.values())


_ORDER = {Kind.MISSED: 0, Kind.ANALYSIS: 1, Kind.APPLIED: 2}


def by_line(
    remarks: Sequence[Remark], source: NativeFile, spent: Mapping[int, float]
) -> list[tuple[int, list[Remark]]]:
    """Lines with their remarks: those with something missed first, the hottest and the most deeply looped first.

    `spent` is each line's share of the time, or how often it ran; empty where that is not known.
    """
    lines: dict[int, list[Remark]] = {}
    for one in remarks:
        lines.setdefault(one.line, []).append(one)
    for found in lines.values():
        found.sort(key=lambda one: (_ORDER[one.kind], one.cause is None, one.compiler, one.column, one.message))

    def rank(line: int) -> tuple[bool, float, int, int]:
        missed = any(one.kind is Kind.MISSED for one in lines[line])
        return (not missed, -_heat(line, source, spent), -source.depth_at(line), line)

    return [(line, lines[line]) for line in sorted(lines, key=rank)]


def _heat(line: int, source: NativeFile, spent: Mapping[int, float]) -> float:
    """The largest share of a line of the innermost loop around a line, for remarks stand on a loop's first line."""
    around = [loop for loop in source.loops if loop.first <= line <= loop.last]
    if not around:
        return spent.get(line, 0.0)
    inner = max(around, key=lambda loop: loop.depth)
    return max((spent.get(number, 0.0) for number in range(inner.first, inner.last + 1)), default=0.0)
