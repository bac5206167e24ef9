"""Workers that are kept at their number, whatever kills them, as a supervisor keeps them."""

import os
import random
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.service.ground import Ground
from benchmarks.service.processes import GRACE_S, Process


class Crew:
    """So many workers of one service."""

    def __init__(self, service: Ground, number: int, *, hurried: bool = False) -> None:
        self._start = lambda: service.work(hurried=hurried)
        self._workers = [self._start() for _ in range(number)]
        self.pids: set[int] = set()
        """Every process that any of them was seen to have."""
        self._killed: list[Process] = []
        self.died: list[str] = []
        """How those that nobody killed ended."""

    def tend(self) -> None:
        """Put a new worker in the place of each that is gone."""
        for place, worker in enumerate(self._workers):
            self.pids.update((worker.pid, *_children(worker.pid)))
            if not worker.runs:
                if worker not in self._killed:
                    self.died.append(worker.log.read_text(encoding="utf-8", errors="replace")[-500:])
                self._workers[place] = self._start()

    def kill_one(self, chance: random.Random) -> str:
        """SIGKILL for one of them: all of its processes, its first one alone, or another; which, in a word."""
        worker = chance.choice(self._workers)
        children = _children(worker.pid)
        how = chance.choice(("all", "first", "child") if children else ("all",))
        if how == "child":
            _kill(chance.choice(children))
            return how
        self._killed.append(worker)
        if how == "first":
            worker.signal(signal.SIGKILL)
        else:
            worker.kill()
        return how

    def stop(self) -> None:
        """Stop all of them in good order; what they leave behind stays for others to see."""
        for worker in self._workers:
            worker.signal(signal.SIGTERM)
        for worker in self._workers:
            worker.ended(GRACE_S)


def _children(pid: int) -> Sequence[int]:
    """Those of a process, as the kernel has them now."""
    try:
        lists = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for one in lists for child in one.split()]


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
