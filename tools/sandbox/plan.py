"""What a back-end hands to the watch: how to start one command, and what then runs."""

import io
import time
from dataclasses import dataclass
from typing import IO, Protocol

from tools.sandbox.capture import Capture
from tools.sandbox.contract import Limits
from tools.sandbox.meter import Meter


class Child(Protocol):
    """The process of the host that a command's tree hangs from; `subprocess.Popen` is one."""

    @property
    def pid(self) -> int:
        """Its number here."""

    @property
    def returncode(self) -> int:
        """Known once it was waited for; below zero for a signal that ended it."""

    @property
    def stdin(self) -> IO[bytes] | None:
        """Our end of its standard input; None where it has none."""

    @property
    def stdout(self) -> IO[bytes] | None:
        """Our end of its standard output."""

    @property
    def stderr(self) -> IO[bytes] | None:
        """Our end of its standard error."""

    def kill(self) -> None:
        """Kill it; nothing where it is gone."""

    def wait(self, timeout: float) -> int:
        """Wait for its end."""


@dataclass(frozen=True, kw_only=True)
class Started:
    """A command that runs."""

    child: Child
    init_fd: int | None
    """The first process of its own process namespace, as a pidfd."""
    status: Capture
    gate: io.FileIO
    """Closed to let the first process of its own process namespace end."""
    group: Meter | None
    """Its control group; None where the host has none for us."""
    begun_s: float
    """Monotonic, when it was let go."""
    cpu_before_s: float | None
    """What the sandbox itself had used of its group's CPU time by then."""


class Plan(Protocol):
    """A command as its back-end wants it started."""

    @property
    def limits(self) -> Limits:
        """What it may use."""

    @property
    def own_processes(self) -> bool:
        """It has a process namespace of its own, whose first process takes all others along."""

    @property
    def spare_processes(self) -> int:
        """Processes of its group that are the sandbox's own."""

    def start(self, *, null_input: bool) -> Started:
        """Start it and let it go; raises InfrastructureError where that fails, with nothing left behind."""


def let_go(child: Child, init_fd: int | None, status: Capture, gate: io.FileIO, group: Meter | None) -> Started:
    """Read the clocks of a command that stands at the gate, and open it."""
    cpu_before_s = None
    if group is not None:
        group.reset_peak()
        cpu_before_s = group.cpu_s()
    begun_s = time.monotonic()
    gate.write(b"\n")
    return Started(
        child=child,
        init_fd=init_fd,
        status=status,
        gate=gate,
        group=group,
        begun_s=begun_s,
        cpu_before_s=cpu_before_s,
    )
