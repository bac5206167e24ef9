"""One command as a container: how it is started, and what is known of it while it runs."""

import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tools.errors import InfrastructureError
from tools.sandbox.capture import Capture
from tools.sandbox.contract import Command, Limits
from tools.sandbox.docker_engine import Engine
from tools.sandbox.docker_options import options
from tools.sandbox.docker_stage import Pipes, Stage
from tools.sandbox.hierarchy import CONTROLLERS, Parent, groups_of
from tools.sandbox.label import new_label
from tools.sandbox.meter import MemoryAlarm, Meter, members
from tools.sandbox.plan import Started, let_go

_READY_S = 60.0
_STATUS_BYTES = 1 << 16


@dataclass(frozen=True, kw_only=True)
class ContainerPlan:
    """A command that an engine starts."""

    engine: Engine
    image: str
    command: Command
    own_processes: bool = True
    spare_processes: int = 1

    @property
    def limits(self) -> Limits:
        """What it may use."""
        return self.command.limits

    def start(self, *, null_input: bool) -> Started:
        """Start the container and let the command go once the clocks are read."""
        name = new_label()
        stage = Stage(name)
        pipes: Pipes | None = None
        group: ContainerGroup | None = None
        init_fd = -1

        def take_away() -> None:
            try:
                self.engine.remove(name)
            finally:
                stage.remove()

        try:
            stage.make()
            pipes = Pipes(stage.pipes, null_input=null_input)
            places = stage.lay_out(self.command.mounts, self.limits)
            asked = options(self.engine, self.command, stage, places, null_input=null_input)
            pid = self.engine.start(name, image=self.image, **asked)
            init_fd = _open_first_process(pid)
            group = ContainerGroup(_own_groups(pid), take_away)
            status = Capture(pipes.status_fd, _STATUS_BYTES)
            _await_ready(status, init_fd)
            pipes.settle()
            child = Container(self.engine, name, pid, init_fd, pipes)
            return let_go(child, init_fd, status, pipes.gate, group)
        except BaseException as error:
            if init_fd >= 0:
                os.close(init_fd)
            if pipes is not None:
                pipes.close()
            if group is not None:
                group.close_clock()
            take_away()
            if isinstance(error, OSError):
                raise InfrastructureError(f"the container could not start: {error}", retryable=True) from error
            raise


class Container:
    """The first process of a container; implements `plan.Child`."""

    def __init__(self, engine: Engine, name: str, pid: int, init_fd: int, pipes: Pipes) -> None:
        """`init_fd` stays its owner's."""
        self.pid = pid
        self.returncode = 0
        self.stdin: IO[bytes] | None = pipes.stdin
        self.stdout: IO[bytes] | None = pipes.stdout
        self.stderr: IO[bytes] | None = pipes.stderr
        self._engine = engine
        self._name = name
        self._init_fd = init_fd

    def kill(self) -> None:
        """Nothing: the watch has killed it by its pidfd."""

    def wait(self, timeout: float) -> int:
        """Wait for its end; raises InfrastructureError where it does not come."""
        if not _has_ended(self._init_fd, timeout):
            raise InfrastructureError(f"process {self.pid} of a container cannot be killed")
        self.returncode = self._engine.exit_code(self._name)
        return self.returncode


class ContainerGroup(Meter):
    """The control group that the engine made; it goes away with the container, so its last figures are held."""

    def __init__(self, parents: dict[str, Parent], take_away: Callable[[], None]) -> None:
        """`take_away` removes the container and all that was made for it."""
        super().__init__(
            {controller: parent.folder for controller, parent in parents.items()},
            {controller: parent.version for controller, parent in parents.items()},
        )
        self._take_away = take_away
        self._cpu_s: float | None = None
        self._peak_memory_bytes: int | None = None
        self._out_of_memory = False
        self.open_clock()

    def cpu_s(self) -> float | None:
        """User and system time, the last that could be read."""
        try:
            self._cpu_s = super().cpu_s()
        except OSError:
            return self._cpu_s
        return self._cpu_s

    def peak_memory_bytes(self) -> int | None:
        """The most memory it has held, the last that could be read."""
        try:
            self._peak_memory_bytes = super().peak_memory_bytes() or self._peak_memory_bytes
        except OSError:
            return self._peak_memory_bytes
        return self._peak_memory_bytes

    def out_of_memory(self) -> bool:
        """Whether the kernel killed anything in it for going over its memory, as far as it was seen."""
        try:
            self._out_of_memory = super().out_of_memory() or self._out_of_memory
        except OSError:
            return self._out_of_memory
        return self._out_of_memory

    def memory_alarm(self) -> MemoryAlarm | None:
        """Tells at once when memory runs out; None for a container that is gone already."""
        try:
            return super().memory_alarm()
        except FileNotFoundError:
            return None

    def hold(self) -> None:
        """Read everything once more."""
        self.cpu_s()
        self.peak_memory_bytes()
        self.out_of_memory()

    def remove(self) -> None:
        """Take the container away."""
        self.close_clock()
        self._take_away()


def _open_first_process(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except (ProcessLookupError, ValueError) as error:
        raise InfrastructureError(
            "the container's first process cannot be seen: is its engine on this host?"
        ) from error


def _own_groups(pid: int) -> dict[str, Parent]:
    found = groups_of(Path("/proc/self/mountinfo").read_text(), Path(f"/proc/{pid}/cgroup").read_text())
    # In another namespace the paths mean other groups; nothing may be read from one that the process is not in.
    if set(found) != set(CONTROLLERS) or any(pid not in members(parent.folder) for parent in found.values()):
        raise InfrastructureError("the container's control groups cannot be seen: is /sys/fs/cgroup mounted here?")
    return found


def _await_ready(status: Capture, init_fd: int) -> None:
    """Wait until the first process stands at the gate."""
    poll = select.poll()
    poll.register(status.fd, select.POLLIN)
    poll.register(init_fd, select.POLLIN)
    while b"+" not in bytes(status.data).splitlines():
        ready = [fd for fd, _ in poll.poll(_READY_S * 1000)]
        if not ready:
            raise InfrastructureError(f"the container was not ready after {_READY_S:.0f} s", retryable=True)
        if status.fd in ready:
            status.read()
        elif init_fd in ready:
            raise InfrastructureError("the container ended before it was ready", retryable=True)


def _has_ended(init_fd: int, timeout_s: float) -> bool:
    poll = select.poll()
    poll.register(init_fd, select.POLLIN)
    return bool(poll.poll(timeout_s * 1000))
