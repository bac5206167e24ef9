"""What this host offers: its sandbox, its clocks, its cores, and how much identical work varies on it."""

import math
import os
import secrets
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.domain import Goal
from agent.protocols import Calibrations
from tools.errors import HastenError, InfrastructureError
from tools.measure.calibrate import FalseAlarms, calibrate_pairs, false_alarms
from tools.measure.cores import CoreLocks
from tools.measure.counters import find_counter, why_no_counter
from tools.measure.quickcheck import NAME, loop_pairs
from tools.sandbox.contract import Command, Sandbox
from tools.sandbox.select import open_sandbox
from workers.machine import describe_machine
from workers.settings import Settings

_STARTS = 5
_QUIET = 0.02
"""A noise floor below this lets gains of a few per cent be seen in few pairs."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at."""

    name: str
    well: bool | None
    """None where it is no fault but should be known."""
    detail: str


def examine(settings: Settings, sandbox_name: str, calibrations: Calibrations) -> Iterator[Finding]:
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
    yield _counting()
    yield from _judging(sandbox, CoreLocks(settings.core_locks), calibrations)


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


def _judging(sandbox: Sandbox, cores: CoreLocks, calibrations: Calibrations) -> Iterator[Finding]:
    """Identical work in pairs of fresh sandboxes, as a job measures; remembered beside the runs of jobs."""
    host = str(describe_machine(sandbox)["fingerprint"])
    try:
        found = calibrate_pairs(loop_pairs(sandbox, cores, secrets.randbits(62)), Goal().min_gain)
    except InfrastructureError as error:
        yield Finding(name="clock", well=False, detail=str(error))
        return
    calibrations.add(host, NAME, found)
    if found.clock == "cpu":
        yield Finding(name="clock", well=True, detail="processor time of a whole tree is read from its control group")
    else:
        detail = "wall time: processor time is not told here, or other work keeps taking the processor"
        yield Finding(name="clock", well=None, detail=detail)
    detail = f"half of {found.pairs} pairs of identical runs differ by less than {math.expm1(found.noise):.1%}"
    yield Finding(name="noise", well=True if found.noise < _QUIET else None, detail=detail)
    yield _false_alarms(false_alarms([run.found for run in calibrations.of(host)]))
    may = "this host may judge: it sees no gain between identical runs"
    may_not = "this host may not judge: it sees a gain between identical runs; run again, or use a quieter one"
    yield Finding(name="judging", well=not found.accepted, detail=may_not if found.accepted else may)


def _false_alarms(seen: FalseAlarms) -> Finding:
    detail = f"{seen.accepted} in {seen.runs} A/A run{'s' * (seen.runs != 1)} of this host"
    detail += f" (at most {seen.at_most:.0%}, 95 % sure), median noise {math.expm1(seen.noise):.1%}"
    return Finding(name="false alarms", well=True if seen.accepted == 0 else None, detail=detail)


def _counting() -> Finding:
    counter = find_counter()
    if counter is None:
        return Finding(name="instructions", well=None, detail=f"not counted: {why_no_counter()}")
    return Finding(name="instructions", well=True, detail=f"counted by {counter.name}")
