"""What every local back-end does alike: make a group, start, watch, sweep."""

import os
import resource
from collections.abc import Mapping
from functools import cached_property

from tools.sandbox.cgroup import sweep
from tools.sandbox.contract import Command, Limits
from tools.sandbox.hierarchy import CONTROLLERS, Parent, find_parents
from tools.sandbox.order import Order
from tools.sandbox.planned import PlannedSandbox
from tools.sandbox.start import LocalPlan

_OPEN_FILES = 4096
_LOCKED_BYTES = 64 * 1024


class LocalSandbox(PlannedSandbox):
    """Runs commands on this host; a back-end says what a command's order looks like."""

    name: str
    own_processes: bool
    """Each command gets a process namespace of its own."""
    spare_processes: int
    """Processes that the sandbox itself adds to a command's."""

    @cached_property
    def _parents(self) -> Mapping[str, Parent]:
        return find_parents()

    @property
    def degraded(self) -> tuple[str, ...]:
        """What this host keeps the sandbox from enforcing."""
        return tuple(_WITHOUT[controller] for controller in CONTROLLERS if controller not in self._parents)

    def order(self, command: Command) -> Order:
        """The command as the launcher takes it."""
        raise NotImplementedError

    def sweep(self) -> int:
        """Remove what killed supervisors of this host left behind; how many things were removed."""
        return sweep(self._parents)

    def _plan(self, command: Command) -> LocalPlan:
        return LocalPlan(
            order=self.order(command),
            limits=command.limits,
            parents=self._parents,
            own_processes=self.own_processes,
            spare_processes=self.spare_processes,
        )

    def _resource_limits(self, limits: Limits) -> list[tuple[int, int]]:
        """Limits of each single process; those of memory and processes stand in where there are no groups."""
        found = [
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, limits.disk_bytes),
            (resource.RLIMIT_MEMLOCK, _LOCKED_BYTES),
            (resource.RLIMIT_NOFILE, _OPEN_FILES),
        ]
        if "memory" not in self._parents:
            found.append((resource.RLIMIT_DATA, limits.memory_bytes))
        if "pids" not in self._parents:
            found.append((resource.RLIMIT_NPROC, limits.processes + self.spare_processes))
        return found

    def base_order(
        self,
        command: Command,
        *,
        argv: list[str],
        env: dict[str, str],
        cwd: str,
        user: int | None = None,
        filter_program: bytes | None = None,
        whole_root: bool = False,
    ) -> Order:
        """What every back-end asks of the launcher for `command`, and what this one asks of it."""
        return Order(
            parent=os.getpid(),
            user=user,
            core=command.core,
            limits=self._resource_limits(command.limits),
            scratch_bytes=command.limits.disk_bytes,
            scratch_files=command.limits.files,
            mounts=[(os.path.abspath(mount.source), mount.target, mount.mode) for mount in command.mounts],
            files={},
            shared=[],
            descriptors={},
            filter=filter_program,
            whole_root=whole_root,
            cwd=cwd,
            argv=argv,
            env=env,
        )


def is_root() -> bool:
    """Whether the supervisor may become another user."""
    return os.geteuid() == 0


_WITHOUT = {
    "memory": "Memory is limited for each process and not for the whole command: no memory control group here.",
    "pids": "Processes are limited for the user and not for the command: no pids control group here.",
    "cpu": "CPU time cannot be read while a command runs: no cpu control group here.",
}
