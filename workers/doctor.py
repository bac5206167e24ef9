"""What this host offers: its sandbox, its clocks, its cores, and how much identical work varies on it."""

import math
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.errors import HastenError
from tools.measure.cores import CoreLocks
from tools.sandbox.contract import Command, Limits, Sandbox
from tools.sandbox.select import open_sandbox
from workers.settings import Settings

_STARTS = 5
_PAIRS = 10
_SPIN = ("/bin/sh", "-c", "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done")
_QUIET = 0.02
"""A noise floor below this lets gains of a few per cent be seen in few pairs."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at."""

    name: str
    well: bool | None
    """None where it is no fault but should be known."""
    detail: str


def examine(settings: Settings, sandbox_name: str) -> Iterator[Finding]:
    """Findings as they are made; takes some seconds."""
    yield _home(settings)
    try:
        sandbox = open_sandbox(sandbox_name, docker_socket=settings.docker_socket)
    except HastenError as error:
        yield Finding(name="sandbox", well=False, detail=str(error))
        return
    yield _sandbox(sandbox)
    for sentence in sandbox.degraded:
        yield Finding(name="sandbox", well=None, detail=f"degraded: {sentence}")
    yield _cores()
    with CoreLocks(settings.home / "cores").take() as core:
        yield from _noise(sandbox, core)


def _home(settings: Settings) -> Finding:
    status = os.statvfs(settings.home)
    free_bytes = status.f_bavail * status.f_frsize
    detail = f"{settings.home}, {free_bytes / 1024**3:.1f} GiB free"
    return Finding(name="home", well=free_bytes > 2 * 1024**3, detail=detail)


def _sandbox(sandbox: Sandbox) -> Finding:
    times_ms = []
    for _ in range(_STARTS):
        began_s = time.monotonic()
        sandbox.run(Command(argv=("/bin/true",)))
        times_ms.append((time.monotonic() - began_s) * 1000)
    detail = f"{sandbox.name} starts and ends in {statistics.median(times_ms):.0f} ms"
    return Finding(name="sandbox", well=True, detail=detail)


def _cores() -> Finding:
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    busy = load > cores / 2
    detail = f"{cores}, load {load:.1f}" + (": other work will be seen as noise" if busy else "")
    governor = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
    if governor.is_file():
        detail += f", frequency governor {governor.read_text().strip()}"
    return Finding(name="cores", well=None if busy or cores < 2 else True, detail=detail)


def _noise(sandbox: Sandbox, core: int) -> Iterator[Finding]:
    """The same work again and again, each time in a fresh sandbox, compared in pairs."""
    command = Command(argv=_SPIN, core=core, limits=Limits(wall_s=60.0))
    runs = [sandbox.run(command) for _ in range(2 * _PAIRS)]
    if any(not run.ok for run in runs):
        yield Finding(name="clock", well=False, detail=f"a plain loop fails in the sandbox: {runs[-1].tail(1)}")
        return
    cpu_s = [run.cpu_s for run in runs if run.cpu_s is not None]
    if len(cpu_s) < len(runs):
        yield Finding(name="clock", well=None, detail="wall time only: no cgroup tells the processor time of a tree")
    else:
        yield Finding(name="clock", well=True, detail="processor time of a whole tree is read from its control group")
        yield _floor("noise, processor time", cpu_s)
    yield _floor("noise, wall time", [run.wall_s for run in runs])


def _floor(name: str, times_s: list[float]) -> Finding:
    ratios = [abs(math.log(one / other)) for one, other in zip(times_s[::2], times_s[1::2], strict=True)]
    floor = statistics.median(ratios)
    detail = f"half of {_PAIRS} pairs of identical runs differ by less than {floor:.1%}"
    return Finding(name=name, well=True if floor < _QUIET else None, detail=detail)
