"""What is left on the machine: processes, control groups and temporary files of a service that has stopped."""

import re
from collections.abc import Collection
from pathlib import Path

from benchmarks.service.ground import Ground

GROUPS = Path("/sys/fs/cgroup")
LABEL = re.compile(r"hasten-\d+-(\d+)-\d+-\d+")
"""The name of a sandbox's control group; the number in the middle is the process that made it."""


def leftovers(service: Ground, pids: Collection[int]) -> list[str]:
    """All that the processes with these ids, or the service's folders, still have."""
    return [
        *(f"process {pid}: {words}" for pid, words in _processes(service)),
        *(f"control group {group}" for group in _groups(pids)),
        *(f"temporary file {path.name}" for path in sorted(service.temporary.iterdir())),
        *(f"unfinished tree {path.name}" for path in sorted((service.home / "trees").glob("partial-*"))),
        *(f"unfinished blob {path.name}" for path in sorted((service.home / "blobs/incoming").glob("*"))),
    ]


def _processes(service: Ground) -> list[tuple[int, str]]:
    """Those that were given the service's folder for temporary files."""
    mark = f"TMPDIR={service.temporary}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes():
                found.append((int(folder.name), (folder / "cmdline").read_text().replace("\0", " ")[:100]))
        except OSError:
            continue  # it is gone by now
    return found


def _groups(pids: Collection[int]) -> list[str]:
    names = {path.name for path in GROUPS.rglob("hasten-*") if path.is_dir()}
    return sorted(name for name in names if (found := LABEL.fullmatch(name)) and int(found[1]) in pids)
