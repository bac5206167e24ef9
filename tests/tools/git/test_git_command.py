"""git by its arguments: bounded in time and output, and ended with all it started."""

import os
import threading
import time
from pathlib import Path

import pytest
from checkouts import Checkout

from tools.errors import InfrastructureError, UserError
from tools.git.command import Git, GitFailedError


@pytest.fixture
def git(checkout: Checkout) -> Git:
    return Git(git_dir=checkout.path / ".git")


def test_output_errors_and_input(git: Git, checkout: Checkout) -> None:
    assert git.line("rev-parse", "HEAD") == checkout.git("rev-parse", "HEAD")
    assert git.run("hash-object", "--stdin", stdin=b"") == b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\n"
    with pytest.raises(GitFailedError, match="bad revision") as caught:
        git.run("rev-parse", "none", "--")
    assert caught.value.code == 128


def test_output_is_capped(git: Git) -> None:
    big = git.run("hash-object", "-w", "--stdin", stdin=b"x" * 3_000_000).decode().strip()
    assert len(git.run("cat-file", "blob", big)) == 3_000_000
    with pytest.raises(UserError, match="too large"):
        git.run("cat-file", "blob", big, most_output_bytes=1 << 20)


def test_time_is_capped_and_children_end_too(checkout: Checkout) -> None:
    pid_file = checkout.path / "pid"
    git = Git(git_dir=checkout.path / ".git", config=(f"alias.slow=!echo $$ > {pid_file}; sleep 60",), timeout_s=0.5)
    began_s = time.monotonic()
    with pytest.raises(InfrastructureError, match="longer") as caught:
        git.run("slow")
    assert time.monotonic() - began_s < 10
    assert caught.value.retryable
    while alive(int(pid_file.read_text())):  # Killed, but the kernel takes its time.
        assert time.monotonic() - began_s < 10
        time.sleep(0.01)


def test_a_watcher_can_end_it(checkout: Checkout) -> None:
    git = Git(git_dir=checkout.path / ".git", config=("alias.slow=!sleep 60",))

    def watch() -> None:
        raise UserError("enough")

    with pytest.raises(UserError, match="enough"):
        git.run("slow", watch=watch)


def test_a_stream_can_be_left_early(git: Git) -> None:
    before = set(threading.enumerate())
    with git.stream("cat-file", "--batch-all-objects", "--batch") as stream:
        stream.readline()
        feeding = set(threading.enumerate()) - before
    assert not any(thread.is_alive() for thread in feeding)


def test_both_pipes_may_be_flooded(checkout: Checkout) -> None:
    flood = "!yes | head -c 1000000 >&2; yes | head -c 1000000"
    git = Git(git_dir=checkout.path / ".git", config=(f"alias.flood={flood}",))
    assert len(git.run("flood")) == 1_000_000


def test_a_missing_git_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="git is not installed") as missing:
        Git().run("version")
    assert missing.value.status == 422, "the machine's fault, not the request's"


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
