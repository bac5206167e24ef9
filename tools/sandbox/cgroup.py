"""Control groups: what a command may use of memory and processes, what it used, and that all of it is gone.

A command's group stands beneath the supervisor's own, so limits set on the supervisor hold for what it starts. Its name
tells who made it (process namespace, process id and start time), which is how a later supervisor knows the groups that
a killed one left behind.
"""

import os
import re
import select
import signal
import threading
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from tools.errors import InfrastructureError
from tools.sandbox.contract import Limits
from tools.sandbox.hierarchy import Parent

_LABEL = re.compile(r"hasten-(\d+)-(\d+)-(\d+)-\d+")
_NEVER_MORE_THAN_S = 10.0
_BEFORE_THE_KILL_S = 0.1
_numbers = count()
_numbers_lock = threading.Lock()


def started(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None where it is gone."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return int(line.rpartition(")")[2].split()[19])


def _label() -> str:
    namespace = os.stat("/proc/self/ns/pid").st_ino
    with _numbers_lock:
        number = next(_numbers)
    return f"hasten-{namespace}-{os.getpid()}-{started(os.getpid())}-{number}"


class Group:
    """One command's group in every controller that the host lets us use."""

    def __init__(self, parents: Mapping[str, Parent], limits: Limits, *, spare_processes: int) -> None:
        """Make it; `spare_processes` come on top of the limit, for the sandbox's own."""
        label = _label()
        self._parents = parents
        self.folders = {controller: parent.folder / label for controller, parent in parents.items()}
        self._cpu_fd = -1
        try:
            for folder in dict.fromkeys(self.folders.values()):
                folder.mkdir()
            self._limit(limits, spare_processes)
            if "cpu" in self.folders:
                name = "cpuacct.usage" if parents["cpu"].version == 1 else "cpu.stat"
                self._cpu_fd = os.open(self.folders["cpu"] / name, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            self.remove()
            raise InfrastructureError(f"no control group could be made: {error}", retryable=True) from error

    def _limit(self, limits: Limits, spare_processes: int) -> None:
        if folder := self.folders.get("memory"):
            if self._parents["memory"].version == 1:
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

    def cpu_s(self) -> float | None:
        """User and system time of everything in it so far; lags behind a running process by a clock tick at most."""
        if self._cpu_fd < 0:
            return None
        text = os.pread(self._cpu_fd, 128, 0)
        if self._parents["cpu"].version == 1:
            return int(text) / 1e9
        return int(text.split(None, 2)[1]) / 1e6

    def waited_s(self) -> float | None:
        """Time that its living threads were ready to run while others had the processors; None where it is not kept."""
        total_ns = 0
        try:
            for pid in _read(f"{next(iter(self.folders.values()))}/cgroup.procs").split():
                total_ns += sum(map(_waited_ns, _tasks(int(pid))))
        except (OSError, IndexError):
            return None
        return total_ns / 1e9

    def reset_peak(self) -> None:
        """Forget the most memory it has held, where the kernel can; what the launcher used is not the command's."""
        if "memory" in self.folders and self._parents["memory"].version == 1:
            (self.folders["memory"] / "memory.max_usage_in_bytes").write_text("0")

    def peak_memory_bytes(self) -> int | None:
        """The most memory it has held at once, page cache and tmpfs included."""
        if "memory" not in self.folders:
            return None
        name = "memory.max_usage_in_bytes" if self._parents["memory"].version == 1 else "memory.peak"
        file = self.folders["memory"] / name
        return int(file.read_text()) if file.exists() else None

    def out_of_memory(self) -> bool:
        """Whether the kernel killed anything in it for going over its memory."""
        if "memory" not in self.folders:
            return False
        name = "memory.oom_control" if self._parents["memory"].version == 1 else "memory.events"
        rows = (self.folders["memory"] / name).read_text().splitlines()
        return any(int(row.split()[1]) > 0 for row in rows if row.startswith("oom_kill "))

    def memory_alarm(self) -> "MemoryAlarm | None":
        """Tells at once when memory runs out; the caller closes it."""
        return MemoryAlarm(self, self._parents["memory"].version) if "memory" in self.folders else None

    def alive(self) -> list[int]:
        """Processes in it, zombies left out."""
        return [pid for pid in _members(next(iter(self.folders.values()))) if not _is_zombie(pid)]

    def kill(self) -> None:
        """Kill everything in it and wait until it is gone; raises InfrastructureError where something will not die."""
        empty_groups(list(dict.fromkeys(self.folders.values())))

    def remove(self) -> None:
        """Kill what is left in it and take it away."""
        if self._cpu_fd >= 0:
            os.close(self._cpu_fd)
            self._cpu_fd = -1
        folders = [folder for folder in dict.fromkeys(self.folders.values()) if folder.exists()]
        empty_groups(folders)
        for folder in folders:
            _remove_folder(folder)


class MemoryAlarm:
    """A descriptor to poll for `event`, and what it means when it fires."""

    def __init__(self, group: Group, version: int) -> None:
        folder = group.folders["memory"]
        self._group = group
        self._version = version
        if version == 2:
            self.fd, self.event = os.open(folder / "memory.events", os.O_RDONLY | os.O_CLOEXEC), select.POLLPRI
            return
        self.fd, self.event = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK), select.POLLIN
        control = os.open(folder / "memory.oom_control", os.O_RDONLY | os.O_CLOEXEC)
        try:
            (folder / "cgroup.event_control").write_text(f"{self.fd} {control}")
        finally:
            os.close(control)

    def rings(self) -> bool:
        """Whether something was killed for it; version 1 tells a moment before it kills."""
        deadline = time.monotonic() + _BEFORE_THE_KILL_S
        if self._version == 1:
            os.eventfd_read(self.fd)
        else:
            os.pread(self.fd, 4096, 0)
        while not (killed := self._group.out_of_memory()) and time.monotonic() < deadline:
            time.sleep(0.002)
        return killed

    def close(self) -> None:
        """Give the descriptor back."""
        os.close(self.fd)


def empty_groups(folders: list[Path]) -> None:
    """Kill every process in `folders`; nothing new can start meanwhile, for no process is allowed any more."""
    deadline = time.monotonic() + _NEVER_MORE_THAN_S
    pause_s = 0.0002
    while members := {pid for folder in folders for pid in _members(folder)}:
        for folder in folders:
            _write_if_there(folder / "pids.max", "0")
        for pid in members:
            _kill(pid)
        if time.monotonic() > deadline:
            raise InfrastructureError(f"processes {sorted(members)} of a sandbox cannot be killed")
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
    namespace = os.stat("/proc/self/ns/pid").st_ino
    found = []
    for folder, names, _ in os.walk(mount):
        for name in names:
            match = _LABEL.fullmatch(name)
            if match and int(match[1]) == namespace and started(int(match[2])) != int(match[3]):
                found.append(Path(folder, name))
    return found


def _read(path: str) -> bytes:
    """A small file of /proc or of a group; without pathlib, whose cost would fall into what is being timed."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(fd, 1 << 16)
    finally:
        os.close(fd)


def _tasks(pid: int) -> list[str]:
    """The folders of a process's threads; none where it has just ended."""
    folder = f"/proc/{pid}/task"
    try:
        return [f"{folder}/{name}" for name in os.listdir(folder)]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _waited_ns(task: str) -> int:
    """How long a thread was ready without a processor; 0 for one that has just ended."""
    try:
        return int(_read(f"{task}/schedstat").split()[1])
    except (FileNotFoundError, ProcessLookupError):
        if os.path.exists(task):
            raise
        return 0


def _members(folder: Path) -> list[int]:
    try:
        return [int(line) for line in (folder / "cgroup.procs").read_text().split() if line != "0"]
    except FileNotFoundError:
        return []


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


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
