"""Instructions counted by the processor itself, through `perf`: as fast as the work, where the counters exist.

`perf` stands outside the sandbox, which may not program counters, and is attached to the driver's processes from there.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools.measure.counts import Batch, CannotCount
from tools.workload.session import Side

EVENT = "instructions:u"
ATTACH_S = 5.0
"""The longest `perf` may take to attach or to write its sum."""
SETTLE_S = 0.2
"""After `perf` has opened its counters: it says nothing when it is ready."""
_ONE_AT_A_TIME = threading.Lock()
"""A side's processes are known by being new."""


@cache
def missing() -> str | None:
    """Why `perf` cannot count here; None where it can."""
    if shutil.which("perf") is None:
        return "perf is not installed"
    done = subprocess.run(
        ("perf", "stat", "-x,", "-e", EVENT, "true"), capture_output=True, text=True, check=False, timeout=ATTACH_S
    )
    return None if _sum_of(done.stderr) else "this host has no hardware counters that perf may read"


@dataclass(frozen=True)
class Perf:
    """Counts under perf."""

    name: str = "perf"
    slowdown: float = 1.0
    slowdown_outside: float = 1.0

    def count(self, side: Side, batch: Batch, *, hash_seed: int, core: int) -> int:
        """Instructions of one side; raises CannotCount and TargetFailed."""
        with _ONE_AT_A_TIME:
            return self._count(side, batch, hash_seed, core)

    def _count(self, side: Side, batch: Batch, hash_seed: int, core: int) -> int:
        beside = _descendants()
        with side.session(batch.plan.workload, hash_seed=hash_seed, core=core) as session:
            for name, items in batch.items.items():
                session.ask("prepare", group=name, items=items, commands=items)

            def run() -> None:
                for name in batch.items:
                    session.ask("run", group=name)

            return count_processes(_descendants() - beside, run)


def count_processes(processes: set[int], run: Callable[[], None]) -> int:
    """Instructions that these processes and those they start execute while `run()` runs; raises CannotCount."""
    if not processes:
        raise CannotCount("perf cannot see the processes of this sandbox")
    pids = ",".join(map(str, sorted(processes)))
    perf = subprocess.Popen(
        ("perf", "stat", "-x,", "-e", EVENT, "-p", pids), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    try:
        time.sleep(SETTLE_S)
        run()
        perf.send_signal(signal.SIGINT)
        _, said = perf.communicate(timeout=ATTACH_S)
    except subprocess.TimeoutExpired as error:
        raise CannotCount("perf does not end when it is told to") from error
    finally:
        perf.kill()
        perf.wait()
    total = _sum_of(said)
    if total is None:
        raise CannotCount(f"perf counts nothing here: {said.strip()[-200:]}")
    return total


def _sum_of(said: str) -> int | None:
    """The event's sum in perf's comma-separated lines; None where there is none."""
    for line in said.splitlines():
        value, _, rest = line.partition(",")
        if EVENT in rest and value.isdigit():
            return int(value)
    return None


def _descendants() -> set[int]:
    """Every process below this one, as the host numbers them."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text()
            except OSError:
                continue  # it ended while we looked
            parents[int(folder.name)] = int(status.rpartition(")")[2].split()[1])
    found = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}
