"""Neighbours on a host: processes of ours that compute in bursts on chosen cores, and are gone when the block ends."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

SETTLE_S = 1.0
SHORTEST_S, LONGEST_S = 0.005, 0.4
"""A burst, and a pause after it, lasts anything between."""
BUSY = 0.7
"""The chance that a stretch is a burst and not a pause."""


def measured_core() -> int:
    """The core that `tools.measure.cores` prefers."""
    return max(os.sched_getaffinity(0))


def cores_of(condition: str) -> list[int]:
    """Which cores the neighbours of a condition load."""
    cores = sorted(os.sched_getaffinity(0))
    if condition == "quiet":
        return []
    return cores if condition == "both cores" else [core for core in cores if core != measured_core()]


@contextmanager
def neighbours(condition: str) -> Iterator[None]:
    """One neighbour on each core of the condition, until the block ends."""
    command = [sys.executable, "-m", "benchmarks.measuring.neighbours"]
    started = [subprocess.Popen([*command, str(core)], stdin=subprocess.PIPE) for core in cores_of(condition)]
    try:
        time.sleep(SETTLE_S if started else 0)
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def _loiter(core: int) -> None:
    """Bursts and pauses at random; ends with whoever started it."""
    os.sched_setaffinity(0, {core})
    parent = os.getppid()
    rng = random.Random(core)
    while os.getppid() == parent:
        until_s = time.monotonic() + rng.uniform(SHORTEST_S, LONGEST_S)
        if rng.random() < BUSY:
            while time.monotonic() < until_s:
                sorted(rng.random() for _ in range(2000))
        else:
            time.sleep(max(0.0, until_s - time.monotonic()))


if __name__ == "__main__":
    _loiter(int(sys.argv[1]))
