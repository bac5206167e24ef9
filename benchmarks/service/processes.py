"""Processes of the service, started as a user starts them, each with a log, and gone at the end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

READY_S = 60.0
GRACE_S = 60.0
"""Longer than a worker may take to hand its rounds over."""


class Process:
    """One command and whatever it starts, in a process group of its own."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, "NO_COLOR": "1", **environment},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Of the command itself."""
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether the command has not ended."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    @property
    def cpu_s(self) -> float:
        """Processor time of the command and of those processes of it that have ended, in seconds."""
        words = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return sum(map(int, words[11:15])) / os.sysconf("SC_CLK_TCK")

    def said(self, mark: str, within_s: float = READY_S) -> str:
        """The first line of its log that holds `mark`; raises RuntimeError where none comes."""
        deadline_s = time.monotonic() + within_s
        while True:
            text = self.log.read_text(encoding="utf-8", errors="replace")
            if found := [line for line in text.splitlines() if mark in line]:
                return found[0]
            if not self.runs or time.monotonic() > deadline_s:
                raise RuntimeError(f"{self._process.args!r} did not say {mark!r}:\n{text[-2000:]}")
            time.sleep(0.02)

    def signal(self, number: signal.Signals) -> None:
        """To the command alone."""
        os.kill(self.pid, number)

    def ended(self, within_s: float) -> bool:
        """Whether it ends by itself in so many seconds; one that does not is told of."""
        deadline_s = time.monotonic() + within_s
        while self.runs and time.monotonic() < deadline_s:
            time.sleep(0.02)
        if self.runs:
            print(f"{self._process.args!r} did not stop in {within_s:g} s", file=sys.stderr)
        return not self.runs

    def kill(self) -> None:
        """SIGKILL to the whole group, as when its container is killed."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """SIGTERM, and SIGKILL for what does not end in time; nothing of its group is left when this returns."""
        self.signal(signal.SIGTERM)
        self.ended(GRACE_S)
        self.kill()
        self._process.wait()  # only now may the kernel give its number to another process


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[Process]:
    """A command for as long as the block lasts."""
    process = Process(command, environment, log)
    try:
        yield process
    finally:
        process.close()
