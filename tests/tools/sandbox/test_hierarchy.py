"""Where control groups are made, on hosts of every kind: laid out as plain folders, for no host has them all."""

from pathlib import Path

import pytest

from tools.sandbox.hierarchy import CONTROLLERS, groups_of, parents_of


def mount_line(mount: Path, kind: str, options: str, root: str = "/") -> str:
    """A line of /proc/self/mountinfo."""
    return f"30 20 0:26 {root} {mount} rw,nosuid shared:9 - {kind} {kind} {options}\n"


def group(folder: Path, *, available: str = "memory pids cpu", enabled: str = "") -> Path:
    """A group of version 2, as a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cgroup.procs").touch()
    (folder / "cgroup.controllers").write_text(available)
    (folder / "cgroup.subtree_control").write_text(enabled)
    return folder


def test_version_1_groups_stand_below_the_supervisors_own(tmp_path: Path) -> None:
    for name in ("memory/job", "pids", "cpu,cpuacct/job"):
        (tmp_path / name).mkdir(parents=True)
    mounts = "".join(mount_line(tmp_path / name, "cgroup", f"rw,{name}") for name in ("memory", "pids", "cpu,cpuacct"))
    found = parents_of(mounts, "3:memory:/job\n2:pids:/\n1:cpu,cpuacct:/job\n0::/\n")
    assert {name: parent.folder for name, parent in found.items()} == {
        "memory": tmp_path / "memory" / "job",
        "pids": tmp_path / "pids",
        "cpu": tmp_path / "cpu,cpuacct" / "job",
    }


def test_a_container_sees_its_own_part_as_the_top(tmp_path: Path) -> None:
    mounts = mount_line(tmp_path, "cgroup", "rw,memory", root="/docker/abc")
    assert parents_of(mounts, "3:memory:/docker/abc\n")["memory"].folder == tmp_path


def test_version_2_uses_the_nearest_group_that_hands_its_controllers_on(tmp_path: Path) -> None:
    group(tmp_path, enabled="memory pids cpu")
    slice_ = group(tmp_path / "user.slice", enabled="memory pids")
    group(slice_ / "session.scope", available="")
    found = parents_of(mount_line(tmp_path, "cgroup2", "rw"), "0::/user.slice/session.scope\n")
    assert {name: parent.folder for name, parent in found.items()} == dict.fromkeys(CONTROLLERS, slice_)
    assert {parent.version for parent in found.values()} == {2}


def test_version_2_without_controllers_leaves_version_1_in_use(tmp_path: Path) -> None:
    group(tmp_path / "unified", available="hugetlb")
    (tmp_path / "memory").mkdir()
    mounts = mount_line(tmp_path / "unified", "cgroup2", "rw") + mount_line(tmp_path / "memory", "cgroup", "rw,memory")
    found = parents_of(mounts, "1:memory:/\n0::/\n")
    assert {name: (parent.version, parent.folder) for name, parent in found.items()} == {
        "memory": (1, tmp_path / "memory")
    }


@pytest.mark.parametrize("mounts", ["", "30 20 0:26 / / rw - ext4 /dev/vda rw\n"])
def test_without_control_groups_there_is_nothing(mounts: str) -> None:
    assert parents_of(mounts, "") == {}


def test_another_processs_groups_are_found_in_either_version(tmp_path: Path) -> None:
    for name in ("memory/docker/abc", "pids/docker/abc", "cpuacct/docker/abc"):
        (tmp_path / name).mkdir(parents=True)
    mounts = "".join(mount_line(tmp_path / name, "cgroup", f"rw,{name}") for name in ("memory", "pids", "cpuacct"))
    group(tmp_path / "unified" / "docker" / "abc", available="")
    mounts += mount_line(tmp_path / "unified", "cgroup2", "rw")
    listing = "3:memory:/docker/abc\n2:pids:/docker/abc\n1:cpuacct:/docker/abc\n0::/docker/abc\n"
    found = groups_of(mounts, listing)
    assert {parent.folder for parent in found.values()} == {
        tmp_path / name / "docker" / "abc" for name in ("memory", "pids", "cpuacct")
    }
    scope = group(tmp_path / "two" / "system.slice" / "docker-abc.scope")
    found = groups_of(mount_line(tmp_path / "two", "cgroup2", "rw"), "0::/system.slice/docker-abc.scope\n")
    assert {name: (parent.version, parent.folder) for name, parent in found.items()} == dict.fromkeys(
        CONTROLLERS, (2, scope)
    )
