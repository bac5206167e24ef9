"""What goes wrong, and when: spread over the run by how many jobs have ended, so that all of it meets jobs at work."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.service.chaos.crew import Crew
from benchmarks.service.ground import Ground

DOWN_S = (1.0, 6.0)
"""How long a server stays away."""
DISK_MIB = 1536
FIRST, LAST = 0.02, 0.9
"""The shares of ended jobs between which everything happens."""


@dataclass(frozen=True, kw_only=True)
class Disaster:
    """One thing that goes wrong once so many jobs have ended."""

    after: int
    name: str
    strike: Callable[[], str]
    """Returns what it did, in words."""


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """How much goes wrong."""

    kills: int = 30
    broker_restarts: int = 3
    database_restarts: int = 3
    full_disks: int = 1
    full_s: float = 15.0
    """How long a full disk stays so."""


def plan(numbers: Numbers, jobs: int, service: Ground, crew: Crew, chance: random.Random) -> list[Disaster]:
    """Everything that will go wrong, in a random order, evenly spread."""

    def broker() -> str:
        assert service.broker is not None
        how = chance.choice((signal.SIGTERM, signal.SIGKILL))
        service.broker.stop(how)
        time.sleep(chance.uniform(*DOWN_S))
        service.broker.start()
        return how.name

    def database() -> str:
        assert service.database is not None
        how = chance.choice((signal.SIGINT, signal.SIGQUIT, signal.SIGKILL))
        service.database.stop(how)
        time.sleep(chance.uniform(*DOWN_S))
        service.database.start()
        return how.name

    kinds: Sequence[tuple[str, int, Callable[[], str]]] = (
        ("kill", numbers.kills, lambda: crew.kill_one(chance)),
        ("broker", numbers.broker_restarts, broker),
        ("database", numbers.database_restarts, database),
        ("full disk", numbers.full_disks, lambda: fill(service.home, numbers.full_s, crew)),
    )
    all_of_them = [(name, strike) for name, count, strike in kinds for _ in range(count)]
    chance.shuffle(all_of_them)
    step = jobs * (LAST - FIRST) / max(1, len(all_of_them))
    return [
        Disaster(after=int(jobs * FIRST + step * (place + chance.random())), name=name, strike=strike)
        for place, (name, strike) in enumerate(all_of_them)
    ]


def fill(folder: Path, full_s: float, crew: Crew) -> str:
    """Leave no room on the disk of `folder` for a while."""
    filler = folder / "filler"
    written = 0
    block = b"\0" * (1 << 20)
    deadline_s = time.monotonic() + full_s
    try:
        with filler.open("wb", buffering=0) as file:
            while time.monotonic() < deadline_s:  # again and again: what others remove meanwhile is taken, too
                try:
                    written += file.write(block)
                except OSError:
                    block = block[: max(1, len(block) // 2)]
                    time.sleep(0.01 if len(block) > 1 else 0.2)
                crew.tend()
    finally:
        filler.unlink(missing_ok=True)
    return f"{written >> 20} MiB written"


@contextmanager
def small_disk(mib: int = DISK_MIB) -> Iterator[Path | None]:
    """A disk of its own for a home, which can be filled without harm; None where this user may not mount one."""
    if os.geteuid() != 0:
        yield None
        return
    point = Path(f"/var/tmp/hasten-disk-{os.getpid()}")
    point.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m,mode=755", "hasten-disk", point], check=True)
        try:
            yield point
        finally:
            subprocess.run(["umount", "--lazy", point], check=True)
    finally:
        point.rmdir()
