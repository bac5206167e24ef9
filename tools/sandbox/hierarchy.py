"""Where a supervisor may make control groups: version 2 where its controllers can be had, else version 1."""

import os
from dataclasses import dataclass
from pathlib import Path

CONTROLLERS = ("memory", "pids", "cpu")
_V1_NAMES = {"memory": "memory", "pids": "pids", "cpu": "cpuacct"}
_NEEDED = {"memory", "pids"}
"""Of version 2, which counts CPU time in any group."""


@dataclass(frozen=True, kw_only=True)
class Parent:
    """Where groups of one controller can be made."""

    folder: Path
    mount: Path
    version: int


def find_parents() -> dict[str, Parent]:
    """Where this process may make groups, by controller; a controller it may not use is left out."""
    return parents_of(Path("/proc/self/mountinfo").read_text(), Path("/proc/self/cgroup").read_text())


def parents_of(mountinfo: str, listing: str) -> dict[str, Parent]:
    """The same for a process whose `/proc` files these are."""
    own = _own(listing)
    found: dict[str, Parent] = {}
    for version, names, mount, root in _mounts(mountinfo):
        for controller in CONTROLLERS:
            if version == 1 and _V1_NAMES[controller] in names and controller not in found:
                folder = _below(mount, root, own.get(_V1_NAMES[controller], "/"))
                if os.access(folder, os.W_OK):
                    found[controller] = Parent(folder=folder, mount=mount, version=1)
        if version == 2 and (shared := _delegated(mount, _below(mount, root, own.get("", "/")))):
            found.update(dict.fromkeys(CONTROLLERS, Parent(folder=shared, mount=mount, version=2)))
    return found


def groups_of(mountinfo: str, listing: str) -> dict[str, Parent]:
    """The groups that a process of this host is in, as we see them: our own mountinfo, the process's cgroup file."""
    own = _own(listing)
    found: dict[str, Parent] = {}
    for version, names, mount, root in _mounts(mountinfo):
        folder = _below(mount, root, own.get("", "/"))
        if version == 2 and _controllers(folder) >= _NEEDED:
            found.update(dict.fromkeys(CONTROLLERS, Parent(folder=folder, mount=mount, version=2)))
        for controller in CONTROLLERS if version == 1 else ():
            folder = _below(mount, root, own.get(_V1_NAMES[controller], "/"))
            if _V1_NAMES[controller] in names and folder.is_dir():
                found[controller] = Parent(folder=folder, mount=mount, version=1)
    return found


def _controllers(folder: Path) -> set[str]:
    file = folder / "cgroup.controllers"
    return set(file.read_text().split()) if file.exists() else set()


def _mounts(mountinfo: str) -> list[tuple[int, set[str], Path, str]]:
    """Version, controllers, mount point and root of every cgroup file system; version 2 last, so that it wins."""
    found = []
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        kind, _, options = right.split(" ", 2)
        _, _, _, root, point, *_ = left.split(" ")
        if kind in {"cgroup", "cgroup2"}:
            found.append((2 if kind == "cgroup2" else 1, set(options.split(",")), Path(point), root))
    return sorted(found, key=lambda mount: mount[0])


def _own(listing: str) -> dict[str, str]:
    """The supervisor's own group by controller; that of version 2 under the empty name."""
    rows = [line.split(":", 2) for line in listing.splitlines()]
    return {name: path for _, names, path in rows for name in names.split(",")}


def _below(mount: Path, root: str, group: str) -> Path:
    inside = os.path.relpath(group, root)
    return mount if inside.startswith("..") else mount / inside


def _delegated(mount: Path, own: Path) -> Path | None:
    """The nearest group at or above `own` whose children have the controllers and may be made by us."""
    for folder in (own, *own.parents):
        if not folder.is_relative_to(mount):
            return None
        if not (os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK)):
            continue
        enabled = set((folder / "cgroup.subtree_control").read_text().split())
        if enabled >= _NEEDED:
            return folder
        available = set((folder / "cgroup.controllers").read_text().split())
        if available >= _NEEDED and _enable(folder):
            return folder
    return None


def _enable(folder: Path) -> bool:
    try:
        (folder / "cgroup.subtree_control").write_text("+memory +pids")
    except OSError:  # The kernel refuses for a group that holds processes itself; the one above is tried next.
        return False
    return True
