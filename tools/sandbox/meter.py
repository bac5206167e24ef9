"""Reads a command's control group from outside: processor time, memory, and who is in it."""

import os
import select
import time
from collections.abc import Mapping
from pathlib import Path

_BEFORE_THE_KILL_S = 0.1


class Meter:
    """One command's group in every controller that can be read, whoever made it."""

    def __init__(self, folders: Mapping[str, Path], versions: Mapping[str, int]) -> None:
        """Folder and cgroup version by controller."""
        self.folders = folders
        self.versions = versions
        self._cpu_fd = -1

    def open_clock(self) -> None:
        """Hold the clock's file open: opening it would fall into what is being timed."""
        if "cpu" in self.folders:
            name = "cpuacct.usage" if self.versions["cpu"] == 1 else "cpu.stat"
            self._cpu_fd = os.open(self.folders["cpu"] / name, os.O_RDONLY | os.O_CLOEXEC)

    def close_clock(self) -> None:
        """Give its descriptor back."""
        if self._cpu_fd >= 0:
            os.close(self._cpu_fd)
            self._cpu_fd = -1

    def cpu_s(self) -> float | None:
        """User and system time of everything in it so far; lags behind a running process by a clock tick at most."""
        if self._cpu_fd < 0:
            return None
        text = os.pread(self._cpu_fd, 128, 0)
        if self.versions["cpu"] == 1:
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
        if "memory" in self.folders and self.versions["memory"] == 1:
            (self.folders["memory"] / "memory.max_usage_in_bytes").write_text("0")

    def peak_memory_bytes(self) -> int | None:
        """The most memory it has held at once, page cache and tmpfs included."""
        if "memory" not in self.folders:
            return None
        name = "memory.max_usage_in_bytes" if self.versions["memory"] == 1 else "memory.peak"
        file = self.folders["memory"] / name
        return int(file.read_text()) if file.exists() else None

    def out_of_memory(self) -> bool:
        """Whether the kernel killed anything in it for going over its memory."""
        if "memory" not in self.folders:
            return False
        name = "memory.oom_control" if self.versions["memory"] == 1 else "memory.events"
        rows = (self.folders["memory"] / name).read_text().splitlines()
        return any(int(row.split()[1]) > 0 for row in rows if row.startswith("oom_kill "))

    def memory_alarm(self) -> "MemoryAlarm | None":
        """Tells at once when memory runs out; the caller closes it."""
        return MemoryAlarm(self) if "memory" in self.folders else None

    def alive(self) -> list[int]:
        """Processes in it, zombies left out."""
        return [pid for pid in members(next(iter(self.folders.values()))) if not _is_zombie(pid)]

    def hold(self) -> None:
        """Called before the last process is let go: a group that goes away with it keeps its figures now."""

    def kill(self) -> None:
        """Kill everything in it and wait until it is gone; raises InfrastructureError where something will not die."""
        raise NotImplementedError

    def remove(self) -> None:
        """Kill what is left in it and take away whatever was made for the command."""
        raise NotImplementedError


class MemoryAlarm:
    """A descriptor to poll for `event`, and what it means when it fires."""

    def __init__(self, meter: Meter) -> None:
        folder = meter.folders["memory"]
        self._meter = meter
        self._version = meter.versions["memory"]
        if self._version == 2:
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
        while not (killed := self._meter.out_of_memory()) and time.monotonic() < deadline:
            time.sleep(0.002)
        return killed

    def close(self) -> None:
        """Give the descriptor back."""
        os.close(self.fd)


def members(folder: Path) -> list[int]:
    """The processes of one group; none where it is gone."""
    try:
        return [int(line) for line in (folder / "cgroup.procs").read_text().split() if line != "0"]
    except FileNotFoundError:
        return []


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


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True
