"""Names for what a supervisor makes on the host, by which a later one knows what a killed one left behind.

A name tells who made it: process namespace, process id and start time.
"""

import os
import re
import threading
from itertools import count
from pathlib import Path

_LABEL = re.compile(r"hasten-(\d+)-(\d+)-(\d+)-\d+")
_numbers = count()
_numbers_lock = threading.Lock()


def new_label() -> str:
    """A name that nothing else on this host has."""
    with _numbers_lock:
        number = next(_numbers)
    return f"hasten-{_namespace()}-{os.getpid()}-{_started(os.getpid())}-{number}"


def is_abandoned(name: str) -> bool:
    """Whether `name` was made by a process of our own namespace that is gone."""
    match = _LABEL.fullmatch(name)
    if match is None:
        return False
    namespace, pid, started = map(int, match.groups())
    return namespace == _namespace() and _started(pid) != started


def _namespace() -> int:
    return os.stat("/proc/self/ns/pid").st_ino


def _started(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None where it is gone."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return int(line.rpartition(")")[2].split()[19])
