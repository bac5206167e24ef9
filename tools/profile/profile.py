"""Where time goes: the project's functions with their shares, from the stacks that a sampler saw."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tools.profile.source import MODULE_LEVEL, Function, SourceIndex

OUTSIDE = "[outside]"
"""The leaf of a folded stack for code that is not the project's."""
MOST_FUNCTIONS = 100_000


@dataclass(frozen=True, kw_only=True)
class FunctionTime:
    """One function's part of the time; shares are of all time spent in or below code of the project, 0 to 1."""

    path: str
    """Relative to the repository's root."""
    module: str | None
    """Dotted; None where the file is not importable."""
    qualname: str
    line: int
    """The first one, decorators included."""
    own_share: float
    """In itself and in code outside the project that it calls."""
    cumulative_share: float
    """The same, and in what else of the project it calls."""
    calls: int | None = None
    """How often it was called, where that was counted."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Functions by own time, the most first, and the stacks they come from."""

    functions: tuple[FunctionTime, ...]
    folded: str
    """One line a stack: `path:qualname;path:qualname;[outside] microseconds`, as flame graph tools read them."""
    samples: int
    cpu_s: float
    """All CPU time seen, start-up and the test runner included."""
    project_cpu_s: float
    """The part of it in or below code of the project: what shares are of."""


class MalformedStacksError(ValueError):
    """What came out of the sandbox is not what a sampler sends."""


@dataclass(frozen=True)
class _Stack:
    frames: tuple[Function, ...]
    """From the outermost in."""
    outside: bool
    """Whether code outside the project ran at the leaf."""
    spent_us: int


def read_profile(answers: Iterable[Mapping[str, object]], sources: SourceIndex) -> Profile:
    """The profile of what one or more samplers saw; raises MalformedStacksError on anything that no sampler sends."""
    stacks: list[_Stack] = []
    samples, cpu_s = 0, 0.0
    for answer in answers:
        stacks += _stacks(answer, sources)
        samples += _integer(answer.get("samples"))
        cpu_s += _seconds(answer.get("cpu_s"))
    spent: defaultdict[tuple[tuple[Function, ...], bool], int] = defaultdict(int)
    for stack in stacks:
        if stack.frames:
            spent[stack.frames, stack.outside] += stack.spent_us
    total_us = sum(spent.values())
    return Profile(
        functions=_functions(spent, total_us, sources),
        folded="".join(f"{_line(frames, outside)} {us}\n" for (frames, outside), us in sorted(spent.items())),
        samples=samples,
        cpu_s=cpu_s,
        project_cpu_s=total_us / 1e6,
    )


def merged(profiles: Sequence[Profile]) -> Profile:
    """Profiles of the same work as one: each counts by the time that it saw."""
    total_s = sum(one.project_cpu_s for one in profiles)
    times: dict[tuple[str, str], FunctionTime] = {}
    for one in profiles:
        weight = one.project_cpu_s / total_s if total_s else 0.0
        for time in one.functions:
            known = times.get((time.path, time.qualname))
            times[time.path, time.qualname] = replace(
                time,
                own_share=weight * time.own_share + (known.own_share if known else 0.0),
                cumulative_share=weight * time.cumulative_share + (known.cumulative_share if known else 0.0),
            )
    folded: Counter[str] = Counter()
    for line in (line for one in profiles for line in one.folded.splitlines()):
        stack, _, spent_us = line.rpartition(" ")
        folded[stack] += int(spent_us)
    return Profile(
        functions=tuple(sorted(times.values(), key=_hottest_first)),
        folded="".join(f"{stack} {spent_us}\n" for stack, spent_us in sorted(folded.items())),
        samples=sum(one.samples for one in profiles),
        cpu_s=sum(one.cpu_s for one in profiles),
        project_cpu_s=total_s,
    )


def _hottest_first(time: FunctionTime) -> tuple[float, float, str, int]:
    return -time.own_share, -time.cumulative_share, time.path, time.line


def _functions(
    spent: Mapping[tuple[tuple[Function, ...], bool], int], total_us: int, sources: SourceIndex
) -> tuple[FunctionTime, ...]:
    own: defaultdict[Function, int] = defaultdict(int)
    cumulative: defaultdict[Function, int] = defaultdict(int)
    for (frames, _), us in spent.items():
        own[frames[-1]] += us
        for function in set(frames):
            cumulative[function] += us
    times = [
        FunctionTime(
            path=function.path,
            module=sources.module(function.path),
            qualname=function.qualname,
            line=sources.first_line(function),
            own_share=own[function] / total_us if total_us else 0.0,
            cumulative_share=us / total_us if total_us else 0.0,
        )
        for function, us in cumulative.items()
    ]
    return tuple(sorted(times, key=_hottest_first))


def _line(frames: Sequence[Function], outside: bool) -> str:
    labels = [f"{frame.path}:{frame.qualname}".replace(";", ",").replace("\n", " ") for frame in frames]
    return ";".join([*labels, OUTSIDE] if outside else labels)


def _stacks(answer: Mapping[str, object], sources: SourceIndex) -> list[_Stack]:
    functions = read_functions(answer.get("functions"), sources)
    folded = answer.get("folded")
    if not isinstance(folded, list):
        raise MalformedStacksError("no list of stacks")
    stacks = []
    for entry in folded:
        if not isinstance(entry, list) or len(entry) != 3 or not isinstance(entry[0], list):
            raise MalformedStacksError("a stack is not [frames, microseconds, samples]")
        frames: list[Function] = []
        for index in entry[0]:
            if _integer(index, least=-1) >= len(functions):
                raise MalformedStacksError("a stack names a function that was not sent")
            function = functions[index] if index >= 0 else None
            # A nested function's frame has the name of the one around it: once is enough.
            if function is not None and frames[-1:] != [function]:
                frames.append(function)
        outside = bool(entry[0]) and entry[0][-1] == -1
        stacks.append(_Stack(frames=tuple(frames), outside=outside, spent_us=_integer(entry[1])))
    return stacks


def read_functions(value: object, sources: SourceIndex) -> list[Function | None]:
    """Functions as a driver sends them, [path, first line, name] each; None for files outside the project."""
    if not isinstance(value, list) or len(value) > MOST_FUNCTIONS:
        raise MalformedStacksError("no list of functions, or one that is too long")
    functions: list[Function | None] = []
    for entry in value:
        if not isinstance(entry, list) or len(entry) != 3 or not isinstance(entry[0], str):
            raise MalformedStacksError("a function is not [path, line, name]")
        path = sources.relative(entry[0])
        line = _integer(entry[1])
        # A module's own code says that it begins at line 1, and a function may begin there too.
        if path is not None and entry[2] == MODULE_LEVEL:
            functions.append(Function(path=path, qualname=MODULE_LEVEL))
        else:
            functions.append(None if path is None else sources.function_at(path, line))
    return functions


def _integer(value: object, *, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 1 << 62:
        raise MalformedStacksError("a count is not a whole number")
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise MalformedStacksError("a time is not a number of seconds")
    return float(value)
