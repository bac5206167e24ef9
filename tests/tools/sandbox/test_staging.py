"""The slower way to lay out mounts, on a file system that can neither lend its files nor lie under an overlay."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.errors import InfrastructureError
from tools.sandbox.contract import MIB, Command, Finished, Limits, Mount
from tools.sandbox.select import open_sandbox
from tools.sandbox.staging import id_map
from tools.sandbox.system import USER


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Path]:
    """A folder on a ramfs, which knows no mapped mounts."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount one, and only root needs to lend files")
    subprocess.run(["mount", "-t", "ramfs", "ramfs", str(tmp_path)], check=True)
    try:
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "file").write_text("one")
        (tmp_path / "link").symlink_to("sub/file")
        yield tmp_path
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def run(script: str, *mounts: Mount, **limits: int) -> Finished:
    """Run a script in bubblewrap."""
    command = Command(argv=("/bin/sh", "-c", script), mounts=mounts, limits=Limits(**limits))  # type: ignore[arg-type]
    return open_sandbox("bubblewrap").run(command)


def test_a_copy_is_really_copied_and_belongs_to_the_command(plain: Path) -> None:
    script = "cat /w/link && echo two > /w/sub/file && echo x > /w/new && rm /w/link && ls /w /w/sub"
    finished = run(script, Mount(source=plain, target="/w", mode="copy"))
    assert finished.ok, finished.stderr
    assert finished.stdout.split() == b"one /w: new sub /w/sub: file".replace(b"one ", b"one").split()
    assert (plain / "sub" / "file").read_text() == "one"


def test_a_copy_that_does_not_fit_is_an_error_and_not_an_outcome(plain: Path) -> None:
    (plain / "large").write_bytes(bytes(2 * MIB))
    with pytest.raises(InfrastructureError, match="No space left"):
        run("true", Mount(source=plain, target="/w", mode="copy"), disk_bytes=MIB)


def test_a_writable_mount_is_given_to_the_command(plain: Path) -> None:
    assert run("echo x > /w/new", Mount(source=plain, target="/w", mode="rw")).ok
    assert (plain / "new").stat().st_uid == USER


def test_a_source_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="not-there"):
        run("true", Mount(source=tmp_path / "not-there", target="/w"))


@pytest.mark.parametrize("owner", [0, 1000, USER + 7])
def test_maps_exchange_one_owner_and_keep_the_rest(owner: int) -> None:
    shown = {}
    for line in id_map(owner, USER).splitlines():
        inside, outside, count = map(int, line.split())
        for id_ in (0, 1, 999, 1000, 1001, USER - 1, USER, USER + 1, USER + 7, 2**32 - 2):
            if inside <= id_ < inside + count:
                assert id_ not in shown
                shown[id_] = outside + id_ - inside
    assert shown.pop(owner) == USER
    assert USER not in shown
    assert all(id_ == seen for id_, seen in shown.items())
    assert len(shown) >= 8
