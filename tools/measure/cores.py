"""One lock per core of this host, so that no two of our measurements ever share one."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class CoreLocks:
    """Locks cores by files in `folder`, across processes; the kernel lets go when a holder dies."""

    def __init__(self, folder: Path, excuse: Callable[[float], None] = lambda _: None) -> None:
        self._folder = folder
        self._excuse = excuse
        """Told the seconds spent waiting, which are not charged to a job."""

    @contextmanager
    def take(self) -> Iterator[int]:
        """The number of a core that is ours until the block ends: the highest that is free."""
        self._folder.mkdir(parents=True, exist_ok=True)
        started_s = time.monotonic()
        while True:
            for core in sorted(os.sched_getaffinity(0), reverse=True):
                with (self._folder / f"core-{core}.lock").open("w") as file:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        continue
                    self._excuse(time.monotonic() - started_s)
                    yield core
                    return
            time.sleep(0.01)
