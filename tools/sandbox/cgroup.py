"""Control groups: what a command may use of memory and processes, and that all of it is gone in the end.

A command's group stands beneath the supervisor's own, so limits set on the supervisor hold for what it starts. Its name
tells who made it, which is how a later supervisor knows the groups that a killed one left behind.
"""

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from tools.errors import InfrastructureError
from tools.sandbox.contract import Limits
from tools.sandbox.hierarchy import Parent
from tools.sandbox.label import is_abandoned, new_label
from tools.sandbox.meter import Meter, members

_NEVER_MORE_THAN_S = 10.0


class Group(Meter):
    """One command's group in every controller that the host lets us use."""

    def __init__(self, parents: Mapping[str, Parent], limits: Limits, *, spare_processes: int) -> None:
        """Make it; `spare_processes` come on top of the limit, for the sandbox's own."""
        label = new_label()
        super().__init__(
            {controller: parent.folder / label for controller, parent in parents.items()},
            {controller: parent.version for controller, parent in parents.items()},
        )
        try:
            for folder in dict.fromkeys(self.folders.values()):
                folder.mkdir()
            self._limit(limits, spare_processes)
            self.open_clock()
        except BaseException as error:  # an interrupt too: making folders may wait for the kernel
            self.remove()
            if isinstance(error, OSError):
                raise InfrastructureError(f"no control group could be made: {error}", retryable=True) from error
            raise

    def _limit(self, limits: Limits, spare_processes: int) -> None:
        if folder := self.folders.get("memory"):
            if self.versions["memory"] == 1:
                (folder / "memory.limit_in_bytes").write_text(str(limits.memory_bytes))
                _write_if_there(folder / "memory.memsw.limit_in_bytes", str(limits.memory_bytes))
            else:
                (folder / "memory.max").write_text(str(limits.memory_bytes))
                _write_if_there(folder / "memory.swap.max", "0")
                _write_if_there(folder / "memory.oom.group", "1")
        if folder := self.folders.get("pids"):
            (folder / "pids.max").write_text(str(limits.processes + spare_processes))

    def add(self, pid: int) -> None:
        """Move a process in; what it starts from then on is in as well."""
        for folder in dict.fromkeys(self.folders.values()):
            (folder / "cgroup.procs").write_text(str(pid))

    def kill(self) -> None:
        """Kill everything in it and wait until it is gone; raises InfrastructureError where something will not die."""
        empty_groups(list(dict.fromkeys(self.folders.values())))

    def remove(self) -> None:
        """Kill what is left in it and take it away."""
        self.close_clock()
        folders = [folder for folder in dict.fromkeys(self.folders.values()) if folder.exists()]
        empty_groups(folders)
        for folder in folders:
            _remove_folder(folder)


def empty_groups(folders: list[Path]) -> None:
    """Kill every process in `folders`; nothing new can start meanwhile, for no process is allowed any more."""
    deadline = time.monotonic() + _NEVER_MORE_THAN_S
    pause_s = 0.0002
    while found := {pid for folder in folders for pid in members(folder)}:
        for folder in folders:
            _write_if_there(folder / "pids.max", "0")
        for pid in found:
            _kill(pid)
        if time.monotonic() > deadline:
            raise InfrastructureError(f"processes {sorted(found)} of a sandbox cannot be killed")
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, 0.02)


def sweep(parents: Mapping[str, Parent]) -> int:
    """Remove groups whose supervisor is gone, with what is in them; how many."""
    left = [folder for mount in {parent.mount for parent in parents.values()} for folder in _abandoned(mount)]
    empty_groups(left)
    for folder in left:
        _remove_folder(folder)
    return len({folder.name for folder in left})


def _abandoned(mount: Path) -> list[Path]:
    return [Path(folder, name) for folder, names, _ in os.walk(mount) for name in names if is_abandoned(name)]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _write_if_there(file: Path, text: str) -> None:
    if file.exists():
        file.write_text(text)


def _remove_folder(folder: Path) -> None:
    """rmdir, which the kernel refuses for a moment after the last process of a group has gone."""
    deadline = time.monotonic() + _NEVER_MORE_THAN_S
    while True:
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise InfrastructureError(f"the control group {folder} cannot be removed: {error}") from error
            time.sleep(0.0005)
        else:
            return
