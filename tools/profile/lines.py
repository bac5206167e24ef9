"""The lines of one function: what each takes of time, or of memory, put together from what the driver saw.

Two looks make the time of a line. The sampler's totals are of code that runs at its full speed, but Python takes note
of its signal at a few instructions only, so that within a function the time shows at the wrong lines. A meter sees
every line, but makes cheap ones look dear. So the function's own time is the sampler's, shared out by the meter; the
time of the Python code that a line calls is the sampler's alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tools.profile.profile import MalformedStacksError, Profile
from tools.profile.source import Function, SourceIndex
from tools.recipe.environment import PROJECT

LEAST_SAMPLES = 12
"""Samples in a function below which the meter alone tells."""
MOST_LINES = 20_000


@dataclass(frozen=True, kw_only=True)
class Place:
    """A function by the lines of its source, decorators included."""

    function: Function
    first: int
    last: int

    @property
    def sent(self) -> dict[str, object]:
        """As the driver takes it."""
        path, name = f"{PROJECT}/{self.function.path}", self.function.qualname
        return {"path": path, "first": self.first, "last": self.last, "name": name}


@dataclass(frozen=True, kw_only=True)
class Sampled:
    """One line as the sampler saw it."""

    own_us: int
    called_us: int
    """In Python code that it calls."""
    samples: int


@dataclass(frozen=True, kw_only=True)
class Metered:
    """What a meter saw of one process."""

    lines: Mapping[int, tuple[int, ...]]
    """Of a time meter: hits, own ns, calls of Python functions, ns in them. Of a memory meter: hits, bytes that stayed,
    the most bytes at once."""
    calls: int
    """Of the function."""
    cut: bool
    """The time for looking was up before the work was done."""


@dataclass(frozen=True, kw_only=True)
class LineCost:
    """One line and what it takes."""

    line: int
    hits: int
    """How often it began, in the calls that were metered."""
    share: float
    """Of the function's time, or of the bytes of its lines, 0 to 1."""
    own_share: float = 0.0
    """The part of it that is no Python code that it calls."""
    kept_bytes: int = 0
    """Bytes that it left allocated, in each call of the function; below 0 where it set some free."""
    peak_bytes: int = 0
    """The most bytes that it held at once beyond what there was before it ran."""


@dataclass(frozen=True, kw_only=True)
class LineProfile:
    """A function's lines, in the order of the source."""

    place: Place
    lines: tuple[LineCost, ...]
    share: float
    """Of all time in or below the project's code, the part that the function took with what it calls."""
    calls: int
    """In the part of the work that was metered."""
    cut: bool
    """Not the whole work was metered."""

    @property
    def hottest(self) -> tuple[LineCost, ...]:
        """The dearest first."""
        return tuple(sorted(self.lines, key=lambda one: (-one.share, one.line)))


def place_of(function: Function, sources: SourceIndex) -> Place | None:
    """Where a function stands; None where there is none of this name."""
    found = [span for span in sources.spans(function.path) if span.qualname == function.qualname]
    if not found:
        return None
    return Place(function=function, first=found[0].first_line, last=found[-1].last_line)


def time_of_lines(
    place: Place, profile: Profile, sampled: Sequence[Mapping[int, Sampled]], metered: Sequence[Metered]
) -> LineProfile:
    """What each line takes of the function's time."""
    seen = _summed(metered)
    own_us: defaultdict[int, float] = defaultdict(float)
    called_us: defaultdict[int, float] = defaultdict(float)
    samples = 0
    for lines in sampled:
        for line, one in lines.items():
            own_us[line] += one.own_us
            called_us[line] += one.called_us
            samples += one.samples
    if samples < LEAST_SAMPLES:
        own_us = defaultdict(float, {line: counts[1] / 1e3 for line, counts in seen.items()})
        called_us = defaultdict(float, {line: counts[3] / 1e3 for line, counts in seen.items()})
    elif metered_ns := sum(counts[1] for counts in seen.values()):
        total_us = sum(own_us.values())
        own_us = defaultdict(float, {line: total_us * counts[1] / metered_ns for line, counts in seen.items()})
    whole_us = sum(own_us.values()) + sum(called_us.values())
    costs = [
        LineCost(
            line=line,
            hits=seen[line][0] if line in seen else 0,
            share=(own_us[line] + called_us[line]) / whole_us if whole_us else 0.0,
            own_share=own_us[line] / whole_us if whole_us else 0.0,
        )
        for line in sorted({*seen, *own_us, *called_us})
    ]
    return _profile(place, costs, metered, _share(place.function, profile))


def memory_of_lines(place: Place, metered: Sequence[Metered]) -> LineProfile:
    """What each line allocates; its share goes by what stayed in a call, or by the most at once, where that is more."""
    seen = _summed(metered)
    calls = max(1, sum(one.calls for one in metered))
    peaks: defaultdict[int, int] = defaultdict(int)
    for one in metered:
        for line, counts in one.lines.items():
            peaks[line] = max(peaks[line], counts[2])
    weights = {line: max(counts[1] / calls, peaks[line], 0) for line, counts in seen.items()}
    whole = sum(weights.values())
    costs = [
        LineCost(
            line=line,
            hits=counts[0],
            share=weights[line] / whole if whole else 0.0,
            kept_bytes=round(counts[1] / calls),
            peak_bytes=max(0, peaks[line]),
        )
        for line, counts in sorted(seen.items())
    ]
    return _profile(place, costs, metered, 0.0)


def read_sampled(answer: Mapping[str, object]) -> dict[int, Sampled]:
    """The lines that a sampler tells apart; raises MalformedStacksError on what no sampler sends."""
    return {
        line: Sampled(own_us=own, called_us=called, samples=samples)
        for line, own, called, samples in _rows(answer.get("lines", []), 4)
    }


def read_metered(answer: object) -> Metered:
    """What a meter sends; raises MalformedStacksError on anything else."""
    if not isinstance(answer, Mapping):
        raise MalformedStacksError("no metered lines")
    rows = answer.get("lines")
    width = len(rows[0]) if isinstance(rows, list) and rows and isinstance(rows[0], list) else 4
    calls = answer.get("calls")
    if width not in (4, 5) or not isinstance(calls, int) or calls < 0:
        raise MalformedStacksError("metered lines of another shape")
    return Metered(
        lines={row[0]: tuple(row[1:]) for row in _rows(rows, width)}, calls=calls, cut=answer.get("cut") is True
    )


def _rows(value: object, width: int) -> Iterable[list[int]]:
    if not isinstance(value, list) or len(value) > MOST_LINES:
        raise MalformedStacksError("no list of lines, or one that is too long")
    for row in value:
        whole = isinstance(row, list) and len(row) == width and all(type(one) is int for one in row)
        if not whole or any(abs(one) >= 1 << 62 for one in row):
            raise MalformedStacksError("a line is not some whole numbers")
    return value


def _summed(metered: Sequence[Metered]) -> dict[int, list[int]]:
    summed: dict[int, list[int]] = {}
    for one in metered:
        for line, counts in one.lines.items():
            known = summed.setdefault(line, [0] * len(counts))
            summed[line] = [before + more for before, more in zip(known, counts, strict=True)]
    return summed


def _profile(place: Place, costs: Sequence[LineCost], metered: Sequence[Metered], share: float) -> LineProfile:
    return LineProfile(
        place=place,
        lines=tuple(costs),
        share=share,
        calls=sum(one.calls for one in metered),
        cut=any(one.cut for one in metered),
    )


def _share(function: Function, profile: Profile) -> float:
    return next(
        (
            time.cumulative_share
            for time in profile.functions
            if (time.path, time.qualname) == (function.path, function.qualname)
        ),
        0.0,
    )
