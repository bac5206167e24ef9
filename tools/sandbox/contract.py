"""The sandbox contract: what a command may see and use, and what is known when it has ended.

Every back-end passes `tests/contracts/test_sandbox.py`. What all of them promise:

* The command sees only its mounts, a read-only system (`/usr`, `/bin`, `/lib*`, a minimal `/etc`), `/proc` of its own,
  a minimal `/dev`, and fresh writable `/tmp` and `/dev/shm` of `Limits.disk_bytes` each. Nothing else is writable.
* No network but a loopback of its own; what a command is to reach beyond it is a Unix socket that is mounted.
* The environment holds `Command.env` and nothing of the host's; HOME is `/tmp`.
* Reaching a limit ends the whole process tree and is an outcome (`Finished.ended`), never an exception.
* When `wait`, `stop` or `run` returns, no process of the command is alive and nothing of it is left on the host.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most one command may use; every one is enforced from outside the command."""

    wall_s: float = 120.0
    memory_bytes: int = 4096 * MIB
    processes: int = 256
    """Processes and threads alive at once."""
    output_bytes: int = 16 * MIB
    """Of standard output and standard error each, for `run`; of standard error for `spawn`."""
    disk_bytes: int = 1024 * MIB
    """Of each writable file system: /tmp, /dev/shm and every `copy` mount."""
    files: int = 200_000
    """Inodes of each writable file system."""


@dataclass(frozen=True, kw_only=True)
class Mount:
    """A host file or folder at an absolute path of the sandbox.

    `ro` cannot be written; `rw` is the host's own folder without a quota (for building environments only); `copy` is a
    private writable copy within `Limits.disk_bytes` that is thrown away.
    """

    source: Path
    target: str
    mode: Literal["ro", "rw", "copy"] = "ro"


@dataclass(frozen=True, kw_only=True)
class Command:
    """What to run: arguments (never a shell string), where, with what in sight and under which limits."""

    argv: tuple[str, ...]
    cwd: str = "/tmp"
    env: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    limits: Limits = field(default_factory=Limits)
    stdin: bytes = b""
    """Fed to `run`; a spawned command has a pipe instead."""
    core: int | None = None
    """Pin the whole tree to this core of the host; None lets the kernel choose."""


class Ended(StrEnum):
    """How a command came to its end."""

    EXITED = "exited"
    SIGNALLED = "signalled"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    STOPPED = "stopped"
    """By us, through `Process.stop`."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Both clocks of one command, read by the supervisor at one moment."""

    wall_s: float
    """Monotonic; only differences mean anything."""
    cpu_s: float | None
    """User and system time of the whole tree so far; None where the host cannot tell (no cgroups)."""
    waited_s: float | None = None
    """Time that its living threads were ready to run while others had the processors; None where the kernel does not
    say. A process that is not on a processor is either waiting for one or has nothing to do: this tells which."""


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A command that is over, with all of its tree gone."""

    ended: Ended
    exit_code: int | None
    """None unless `ended` is EXITED."""
    signal: int | None
    """The signal that ended it, where one did."""
    stdout: bytes
    """Empty for a spawned command, whose output its caller reads."""
    stderr: bytes
    truncated: bool
    wall_s: float
    cpu_s: float | None
    peak_memory_bytes: int | None
    survivors: int = 0
    """Processes of the tree still alive when its first process had exited; they were killed."""

    @property
    def ok(self) -> bool:
        """Exited by itself with code 0."""
        return self.ended is Ended.EXITED and self.exit_code == 0

    def tail(self, lines: int = 12) -> str:
        """The last lines of what it printed, standard error last, without terminal control sequences."""
        text = (self.stdout + b"\n" + self.stderr).decode("utf-8", "replace")
        text = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]", "", text)
        return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])


class Process(Protocol):
    """A running command with pipes to its standard input and output."""

    def send(self, data: bytes, *, timeout_s: float) -> None:
        """Write all of `data` to its standard input; raises BrokenPipeError where it has ended, TimeoutError."""

    def receive(self, most_bytes: int, *, timeout_s: float) -> bytes:
        """Read what is there, at most `most_bytes`, waiting for the first byte; b"" at the end; raises TimeoutError."""

    def reading(self) -> Reading:
        """Both clocks now; costs well under 0.1 ms."""

    def stop(self) -> Finished:
        """Kill the whole tree now; idempotent."""

    def wait(self, *, timeout_s: float) -> Finished:
        """Close its input, wait for its end, then kill what is left of the tree; TIMEOUT when it has not ended."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops it."""


class Sandbox(Protocol):
    """Runs commands apart from the host and from each other."""

    name: str
    """As `--sandbox` takes it."""

    @property
    def degraded(self) -> tuple[str, ...]:
        """What this host keeps the sandbox from enforcing, a sentence each; empty where the contract holds whole."""

    def run(self, command: Command) -> Finished:
        """Run to the end; raises InfrastructureError only where the sandbox itself could not start."""

    def spawn(self, command: Command) -> Process:
        """Start with pipes; `Limits.wall_s` still ends it; raises InfrastructureError as `run` does."""

    def sweep(self) -> int:
        """Remove what earlier, killed supervisors of this host left behind; how many things were removed."""
