"""Commands in bubblewrap: own namespaces, own user, read-only system, no network, filtered system calls.

From outside in: the launcher joins the control groups, lays out the mounts (`staging`), drops to a dedicated user and
becomes bwrap. bwrap makes the namespaces and starts a shell of a few lines as their first process (`first_process`).
"""

import os
import shutil

from tools.sandbox import first_process, seccomp, staging
from tools.sandbox.backend import LocalSandbox, is_root
from tools.sandbox.contract import Command
from tools.sandbox.launch import FILTER_FD, REPORT_FD
from tools.sandbox.order import Order
from tools.sandbox.system import PATH, USER, environment, etc_files, etc_shared, system_arguments


def find_bwrap() -> str | None:
    """Where the program stands; None where it is not installed."""
    return shutil.which("bwrap", path=PATH)


class Bubblewrap(LocalSandbox):
    """The sandbox of a single machine."""

    name = "bubblewrap"
    own_processes = True
    spare_processes = 2

    def __init__(self, program: str) -> None:
        """`program` is bwrap's path."""
        self._program = program

    @property
    def degraded(self) -> tuple[str, ...]:
        """What this host keeps the sandbox from enforcing."""
        found = list(super().degraded)
        if not is_root():
            found.append("Commands run under your own user id, in a user namespace: only root can give them another.")
        if not seccomp.supported():
            found.append("System calls are not filtered: there is no filter for this machine's architecture.")
        return tuple(found)

    def order(self, command: Command) -> Order:
        """The command as the launcher takes it."""
        filtered = seccomp.supported()
        order = self.base_order(
            command,
            user=USER if is_root() else None,
            filter_program=seccomp.program(pinned=command.core is not None) if filtered else None,
            cwd="/",
            argv=self._arguments(command),
            env={},
        )
        user, group = (USER, USER) if is_root() else (os.getuid(), os.getgid())
        order["files"] = etc_files(user=user, group=group)
        order["shared"] = etc_shared()
        return order

    def _arguments(self, command: Command) -> list[str]:
        arguments = [self._program, "--unshare-all", "--unshare-user", "--disable-userns"]
        arguments += ["--die-with-parent", "--new-session", "--as-pid-1", "--clearenv", "--cap-drop", "ALL"]
        arguments += system_arguments()
        arguments += ["--ro-bind", staging.ETC, "/etc", "--proc", "/proc", "--dev", "/dev"]
        arguments += ["--bind", staging.SHARED_MEMORY, "/dev/shm", "--remount-ro", "/dev"]
        arguments += ["--bind", staging.SCRATCH, "/tmp"]
        for index, mount in enumerate(command.mounts):
            arguments += ["--ro-bind" if mount.mode == "ro" else "--bind", staging.staged(index), mount.target]
        arguments += ["--remount-ro", "/", "--chdir", command.cwd, "--json-status-fd", str(REPORT_FD)]
        if seccomp.supported():
            arguments += ["--seccomp", str(FILTER_FD)]
        variables = [f"{name}={value}" for name, value in environment(command).items()]
        return [
            *arguments,
            "--",
            "/bin/sh",
            "-c",
            first_process.SCRIPT,
            "sh",
            "/usr/bin/env",
            "-i",
            *variables,
            *command.argv,
        ]
