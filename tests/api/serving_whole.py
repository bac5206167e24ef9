"""A real `hasten serve` in a process of its own, on a free port, with a home that is thrown away."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
"""The machine may be busy with something else."""
ADDRESS = re.compile(r"Hasten serves at (\S+)")
KEY = re.compile(r"The administrator's key, shown this once: (\S+)")


class Served:
    """One running service."""

    def __init__(self, home: Path, words: tuple[str, ...], env: Mapping[str, str]) -> None:
        self.said = home.parent / f"{home.name}-{os.urandom(4).hex()}.txt"
        with self.said.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api.cli", "serve", "--port", "0", *words],
                cwd=ROOT,
                env={**clean(os.environ), "HASTEN_HOME": str(home), "NO_COLOR": "1", **env},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self.process.stdout is not None
        self.printed = self.process.stdout.readline()
        address = ADDRESS.match(self.printed)
        assert address is not None, self.errors()
        self.url = address[1]

    def key(self) -> str | None:
        """The administrator's key, where it was shown; the next line says so, or there is none."""
        assert self.process.stdout is not None
        found = KEY.match(self.process.stdout.readline())
        return found and found[1]

    def errors(self) -> str:
        """What stood on standard error so far."""
        return self.said.read_text()

    def get(self, path: str, key: str | None = None) -> httpx.Response:
        """One request."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.get(f"{self.url}{path}", headers=headers, timeout=PATIENCE_S)

    def post(self, path: str, key: str, body: Mapping[str, object]) -> httpx.Response:
        """One request that asks for something."""
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.post(f"{self.url}{path}", headers=headers, json=dict(body), timeout=PATIENCE_S)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def descendants(self) -> set[int]:
        """Every process that it started, and those that these started."""
        return below(self.process.pid)


@contextmanager
def served(home: Path, *words: str, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Start one and give it; it is gone afterwards, whatever became of it."""
    one = Served(home, words, env or {})
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.stop()
        assert one.process.stdout is not None
        one.process.stdout.close()


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment without settings of the service."""
    return {name: value for name, value in environ.items() if not name.startswith("HASTEN_")}


def below(pid: int) -> set[int]:
    """The living descendants of a process."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = {int(word) for word in task.read_text().split()}
        except (FileNotFoundError, ProcessLookupError):
            continue
        for child in children:
            found |= {child, *below(child)}
    return found


def await_gone(pids: set[int], patience_s: float = PATIENCE_S) -> None:
    """Wait until every one of these processes has ended."""
    for pid in pids:
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            poll = select.poll()
            poll.register(fd, select.POLLIN)
            assert poll.poll(patience_s * 1000), f"process {pid} lives on"
        finally:
            os.close(fd)
