"""Builds a tree once more, looking on: how each file is compiled, which lines commands run, and what these cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from tools.recipe.environment import PROJECT, Environment
from tools.sandbox.contract import MIB, Limits, Sandbox
from tools.sandbox.frames import FrameLine, LineBroken

LIMITS = Limits(wall_s=600.0, memory_bytes=8192 * MIB, processes=1024, disk_bytes=4096 * MIB)
SEND_S = 30.0
EXIT_S = 10.0
MOST_FRAMES = 50_000
MOST_COUNTED_S = 3.0
"""Of processor time; under valgrind a command takes some fifty times as long."""

Gather = Literal["compiles", "lines", "instructions"]
Count = Annotated[int, Field(ge=0, lt=1 << 62)]


class _Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Built(_Frame):
    kind: Literal["built"]
    exit: int
    tail: str


class _Compile(_Frame):
    kind: Literal["compile"]
    directory: str
    argv: list[str]


class _Ran(_Frame):
    kind: Literal["ran"]
    exit: int
    tail: str
    cpu_s: Annotated[float, Field(ge=0, lt=1e9)]


class _Lines(_Frame):
    kind: Literal["lines"]
    path: str
    counts: list[tuple[int, Count]]


class _Instructions(_Frame):
    kind: Literal["instructions"]
    own: list[tuple[str, list[tuple[int, Count]]]] | None
    calls: list[tuple[str, int, str, int, Count]] | None


class _End(_Frame):
    kind: Literal["end"]


_FRAME: TypeAdapter[_Built | _Compile | _Ran | _Lines | _Instructions | _End] = TypeAdapter(
    Annotated[_Built | _Compile | _Ran | _Lines | _Instructions | _End, Field(discriminator="kind")]
)


@dataclass(frozen=True, kw_only=True)
class Compile:
    """One call of a compiler."""

    directory: str
    """Where it was called, in the sandbox."""
    argv: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Built:
    """What one build, and the commands run on it, showed. Paths are relative to the repository's root."""

    problem: str = ""
    """Why the build or a command did not come to a good end; empty where all did."""
    compiles: tuple[Compile, ...] = ()
    lines: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """How often each line ran that has code, by file; empty where the compiler's counters did not work."""
    own: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """Instructions by file and line, code outside the project that it calls included."""
    calls: tuple[tuple[str, int, str, int, int], ...] = ()
    """(file, line, callee's file, callee's line, instructions) of calls within the project."""
    cpu_s: float = 0.0
    """Processor time of the commands."""


def build(
    sandbox: Sandbox,
    environment: Environment,
    tree: Path,
    command: str,
    gather: Gather,
    commands: Sequence[str] = (),
) -> Built:
    """Run the build `command` in a private copy of `tree`, which no build has touched, then `commands`."""
    prepared = environment.driver_command("built", (), tree, hash_seed=0, writable=True, limits=LIMITS)
    request = {
        "build": command,
        "commands": list(commands),
        "gather": gather,
        "most_s": MOST_COUNTED_S,
        "root": PROJECT,
    }
    with sandbox.spawn(prepared) as process:
        line = FrameLine(process)
        try:
            line.send(request, timeout_s=SEND_S)
            built = _gathered(_frames(line))
            process.wait(timeout_s=EXIT_S)
        except (LineBroken, TimeoutError, ValidationError) as error:
            finished = process.stop()
            return Built(problem=f"the build did not come to its end ({finished.ended.value}: {error})")
    return built


def _frames(line: FrameLine) -> Iterator[object]:
    for _ in range(MOST_FRAMES):
        frame = _FRAME.validate_python(line.receive(timeout_s=LIMITS.wall_s))
        if isinstance(frame, _End):
            return
        yield frame


def _gathered(frames: Iterator[object]) -> Built:
    problem, cpu_s = "", 0.0
    compiles: list[Compile] = []
    lines: dict[str, Mapping[int, int]] = {}
    own: dict[str, Mapping[int, int]] = {}
    calls: tuple[tuple[str, int, str, int, int], ...] = ()
    for frame in frames:
        match frame:
            case _Built() | _Ran() if frame.exit != 0 and not problem:
                what = "the build" if isinstance(frame, _Built) else "the command"
                problem = f"{what} ended with exit code {frame.exit}: {frame.tail.strip()[-400:]}"
            case _Ran():
                cpu_s += frame.cpu_s
            case _Compile():
                compiles.append(Compile(directory=frame.directory, argv=tuple(frame.argv)))
            case _Lines():
                lines[frame.path] = dict(frame.counts)
            case _Instructions():
                own = {path: dict(counts) for path, counts in frame.own or ()}
                calls = tuple(frame.calls or ())
    return Built(problem=problem, compiles=tuple(compiles), lines=lines, own=own, calls=calls, cpu_s=cpu_s)
