"""One driver process in a sandbox, asked about a workload on one side's tree."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tools.recipe.disguise import Disguise
from tools.recipe.environment import PROJECT, Environment
from tools.sandbox.contract import Command, Ended, Finished, Limits, Process, Reading, Sandbox
from tools.sandbox.frames import FrameLine, LineBroken, LineForged
from tools.workload.workload import FOLDER, Workload, WorkloadKind

SETTLE_S = 0.005
"""The longest a process may go on using the processor after its answer before the clock is read all the same."""


class TargetFailed(Exception):
    """The target's own code failed where a side must not (import, inputs, a killed process); says how."""


class TargetForged(TargetFailed):
    """The target's code wrote an answer of its own making, or one that it could not stand by."""


class Names(StrEnum):
    """What things are called in a side's processes."""

    USUAL = "usual"
    OTHER = "other"
    """Drawn anew for each pair (see `tools/recipe/disguise.py`)."""
    OTHER_BUT_THE_PROJECTS = "other, but the project's"
    """For workloads that depend on where the project stands."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What the driver says of the workload it opened."""

    sizes: tuple[int, ...]
    count: int
    """Recorded calls."""
    varied: tuple[bool | None, ...]
    """For each recorded call: whether fresh inputs can be made of it; None where it cannot even be read."""
    has_equal: bool
    streams: tuple[int, ...] = ()
    """Places of arguments that may be any iterable, as the function itself says."""
    made: tuple[int, ...] = ()
    """Recorded calls whose object can also be made anew by its constructor."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """Where one side's code runs: what stays the same for all of its processes."""

    sandbox: Sandbox
    environment: Environment
    tree: Path
    limits: Limits
    under: Names = Names.USUAL

    @contextmanager
    def session(
        self,
        workload: Workload,
        *,
        hash_seed: int,
        core: int | None = None,
        lines: Mapping[str, list[int]] | None = None,
        looks: bool = False,
    ) -> Iterator["DriverSession"]:
        """A fresh process with the workload opened; raises TargetFailed where the target cannot be imported.

        `lines` are watched, and so is what the target looks at of its process where `looks` says so.
        """
        command = workload.kind is WorkloadKind.COMMAND
        mode = "command" if command else "workload"
        started = self.environment.driver_command(
            mode,
            (),
            self.tree,
            hash_seed=hash_seed,
            writable=command,
            limits=self.limits,
            core=core,
            extra_mounts=(workload.mount,),
        )
        with self._named(started, mode, hash_seed) as (prepared, names), self.sandbox.spawn(prepared) as process:
            session = DriverSession(process, self.limits)
            session.watches_looks = looks
            session.open(lines or {}, {**names, "looks": looks})
            yield session

    @contextmanager
    def _named(self, usual: Command, mode: str, seed: int) -> Iterator[tuple[Command, dict[str, Any]]]:
        """The command under the side's names, which belong to the seed, and what the driver is told of them."""
        if self.under is Names.USUAL:
            yield usual, {}
            return
        disguise = Disguise.drawn(seed, moved=self.under is Names.OTHER)
        placed = [
            replace(mount, target=disguise.workload) if mount.target == FOLDER else mount for mount in usual.mounts
        ]
        with tempfile.TemporaryDirectory() as scratch:
            command = self.environment.disguised_command(
                mode, replace(usual, mounts=tuple(placed)), disguise, Path(scratch)
            )
            moved = [PROJECT, disguise.project]
            yield command, {"folder": disguise.workload, "module": disguise.words[0], "moved": moved}


class DriverSession:
    """Asks one driver; every answer comes from a process that may lie about anything but the clock."""

    opened: Opened

    def __init__(self, process: Process, limits: Limits) -> None:
        self._process = process
        self._line = FrameLine(process)
        self._limits = limits
        self.watches_looks = False
        """What the target looks at besides its own data can be asked for."""
        self.alive = True
        """False once the driver's process has ended or been given up."""

    def ask(self, do: str, *, timeout_s: float | None = None, **request: object) -> dict[str, Any]:
        """One request, one answer; raises TargetFailed with the target's own words where it could not be done,
        TargetForged where another than the driver answered."""
        try:
            self._line.send({"do": do, **request}, timeout_s=self._limits.wall_s)
            answer = self._line.receive(timeout_s=timeout_s or self._limits.wall_s)
        except LineForged as error:
            self.alive = False
            self._process.stop()
            raise TargetForged(str(error)) from error
        except (LineBroken, TimeoutError) as error:
            self.alive = False
            finished = self._process.stop() if isinstance(error, TimeoutError) else self._process.wait(timeout_s=5)
            raise TargetFailed(_how(finished, str(error))) from error
        if "failed" in answer:
            raise TargetFailed(str(answer["failed"]))
        return _Answer(answer)

    def open(self, lines: Mapping[str, list[int]], names: Mapping[str, Any] = MappingProxyType({})) -> None:
        """Import the target and the workload, where other `names` are told under these; raises TargetFailed."""
        answer = self.ask("open", lines=lines, **names)
        try:
            self.opened = Opened(
                sizes=tuple(int(size) for size in answer["sizes"]),
                count=int(answer["count"]),
                varied=tuple(answer["varied"]),
                has_equal=bool(answer["equal"]),
                streams=tuple(int(place) for place in answer["streams"]),
                made=tuple(int(index) for index in answer["made"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise TargetFailed(f"the driver answered nonsense: {error}") from error

    def timed(self, do: str, **request: Any) -> tuple[dict[str, Any], Reading, Reading]:
        """An answer with both clocks just before the request and once the answer had arrived."""
        self._settled(self._process.reading())
        own_s = _own_wait_s()
        before = self._process.reading()
        answer = self.ask(do, **request)
        after = self._process.reading()
        if after.waited_s is not None:  # the answer lies there while we ourselves wait for a processor to read it
            after = replace(after, waited_s=after.waited_s + _own_wait_s() - own_s)
        return answer, before, self._settled(after)

    def close(self) -> Finished:
        """End the process in good order; what it used in all."""
        return self._process.wait(timeout_s=5)

    def _settled(self, reading: Reading) -> Reading:
        """The same wall time, with processor time read again until the process waits for us.

        Its last moments, between writing the answer and blocking, are accounted for only when it is descheduled.
        """
        if reading.cpu_s is None:
            return reading
        cpu_s = reading.cpu_s
        deadline = time.monotonic() + SETTLE_S
        while time.monotonic() < deadline:
            time.sleep(0.0002)
            now_s = self._process.reading().cpu_s
            if now_s is None or now_s == cpu_s:
                break
            cpu_s = now_s
        return replace(reading, cpu_s=cpu_s)


class _Answer(dict[str, Any]):
    """What a driver answered; one that leaves out what it was asked for is not to be trusted with the rest."""

    def __missing__(self, key: str) -> Any:
        raise TargetFailed(f"the driver's answer has no `{key}`")


def _own_wait_s() -> float:
    """Time that this thread was ready to run while others had the processors; 0 where the kernel does not say."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def _how(finished: Finished, otherwise: str) -> str:
    """How a process ended that should have answered, for people."""
    words = {
        Ended.TIMEOUT: f"ran out of time after {finished.wall_s:.0f} s",
        Ended.MEMORY: "ran out of memory",
        Ended.OUTPUT: "printed without end",
        Ended.SIGNALLED: f"was ended by signal {finished.signal}",
        Ended.EXITED: f"exited with code {finished.exit_code} before it answered",
        Ended.STOPPED: otherwise,
    }
    tail = finished.tail(6)
    return words[finished.ended] + (f"\n{tail}" if tail else "")
