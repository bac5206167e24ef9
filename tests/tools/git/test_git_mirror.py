"""Repositories behind https: fetched once, mended, and never anything but what was asked for."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkouts import Checkout
from git_https_server import CERTIFICATE, PRIVATE, GitServer, serving

from tools.errors import InfrastructureError, UserError
from tools.git.snapshot import Snapshot
from tools.git.take import take_snapshot

TRUST = {"GIT_SSL_CAINFO": str(CERTIFICATE), "GIT_SSL_CAPATH": "/nonexistent"}


@pytest.fixture
def upstream(tmp_path: Path) -> Checkout:
    """What the server's repository is made from; `push` publishes it."""
    made = Checkout(tmp_path / "upstream")
    made.commit({"a.py": "A = 1\n"})
    made.git("tag", "-a", "v1.2.3", "-m", "release")
    made.commit({"a.py": "A = 2\n", "sub/b.py": "B = 1\n"})
    return made


@pytest.fixture
def server(tmp_path: Path, upstream: Checkout) -> Iterator[GitServer]:
    bare = tmp_path / "served" / "project.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(upstream.path), str(bare)], check=True)
    upstream.git("remote", "add", "served", str(bare))
    with serving(bare.parent) as server:
        yield server


def take(server: GitServer, home: Path, **options: object) -> Snapshot:
    return take_snapshot(
        server.url("project.git"),
        home=home,
        extra_env=TRUST,
        admission=PRIVATE,
        **options,  # type: ignore[arg-type]
    )


def test_head_is_fetched_without_history_and_its_version_known(
    server: GitServer, upstream: Checkout, home: Path
) -> None:
    snapshot = take(server, home)
    assert snapshot.commit == upstream.git("rev-parse", "HEAD")
    assert (snapshot.tree / "sub" / "b.py").read_text() == "B = 1\n"
    assert not list(snapshot.tree.rglob(".git"))
    assert snapshot.version == "1.2.3"
    assert snapshot.uncommitted == ()
    (mirror,) = (path for path in (home / "mirrors").iterdir() if path.is_dir())
    assert (mirror / "shallow").is_file()


@pytest.mark.parametrize("name", ["v1.2.3", "main", "HEAD~1 in full", "HEAD~1 abbreviated"])
def test_a_ref_is_a_tag_a_branch_or_a_commit(server: GitServer, upstream: Checkout, home: Path, name: str) -> None:
    old = upstream.git("rev-parse", "HEAD~1")
    ref = {"HEAD~1 in full": old, "HEAD~1 abbreviated": old[:9]}.get(name, name)
    snapshot = take(server, home, ref=ref)
    assert snapshot.commit == (upstream.git("rev-parse", "main") if name == "main" else old)
    assert (snapshot.tree / "a.py").read_text() == ("A = 2\n" if name == "main" else "A = 1\n")


def test_new_commits_are_fetched_and_known_ones_need_no_network(
    server: GitServer, upstream: Checkout, home: Path
) -> None:
    first = take(server, home)
    second_commit = upstream.commit({"a.py": "A = 3\n"})
    upstream.git("push", "-q", "served", "main")
    second = take(server, home)
    assert second.commit == second_commit
    assert (second.tree / "a.py").read_text() == "A = 3\n"
    server.requests.clear()
    assert take(server, home, ref=first.commit).tree == first.tree
    assert server.requests == []


def test_subdirectories_are_checked(server: GitServer, home: Path) -> None:
    assert (take(server, home, subdirectory="sub").project / "b.py").is_file()
    with pytest.raises(UserError, match=r"no folder 'sup'; did you mean sub"):
        take(server, home, subdirectory="sup")


def test_an_unknown_ref_names_what_is_near(server: GitServer, home: Path) -> None:
    with pytest.raises(UserError, match=r"no branch, tag or commit 'mian'; did you mean main"):
        take(server, home, ref="mian")
    with pytest.raises(UserError, match="has no commit 0123456789"):
        take(server, home, ref="0123456789abcdef0123456789abcdef01234567")


def test_an_empty_repository_says_so(server: GitServer, home: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(server.root / "empty.git")], check=True)
    with pytest.raises(UserError, match="no commit yet"):
        take_snapshot(server.url("empty.git"), home=home, extra_env=TRUST, admission=PRIVATE)


def test_redirects_are_not_followed(server: GitServer, home: Path) -> None:
    with serving(server.root) as other:
        server.redirect = f"{other.url('project.git')}/info/refs?service=git-upload-pack"
        with pytest.raises(UserError, match="redirects elsewhere"):
            take(server, home)
        assert other.requests == []


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (401, UserError, "without signing in"),
        (404, UserError, "no repository"),
        (503, InfrastructureError, "could not be reached"),
    ],
)
def test_refusals_are_one_sentence(
    server: GitServer, home: Path, status: int, error: type[Exception], message: str
) -> None:
    server.status = status
    with pytest.raises(error, match=message) as caught:
        take(server, home)
    assert "\n" not in str(caught.value)


def test_something_else_than_git_is_named(server: GitServer, home: Path) -> None:
    server.body = b"<html>\n<body>hello</body>\n</html>\n"
    with pytest.raises(UserError, match="does not answer as a git repository"):
        take(server, home)


def test_an_unknown_certificate_is_refused(server: GitServer, home: Path) -> None:
    with pytest.raises(InfrastructureError, match="certificate"):
        take_snapshot(server.url("project.git"), home=home, admission=PRIVATE)


def test_a_host_that_is_down_can_be_tried_again(tmp_path: Path, home: Path) -> None:
    with serving(tmp_path) as server:
        url = server.url("project.git")
    with pytest.raises(InfrastructureError, match="could not be reached") as caught:
        take_snapshot(url, home=home, extra_env=TRUST, admission=PRIVATE)
    assert caught.value.retryable


def test_private_hosts_are_refused_before_anything_is_sent(server: GitServer, home: Path) -> None:
    for url in (server.url("project.git"), "https://localhost/project.git", "https://2130706433/project.git"):
        with pytest.raises(UserError):
            take_snapshot(url, home=home, extra_env=TRUST)
    assert server.requests == []


@pytest.mark.parametrize(
    "damage", ["no HEAD", "broken config", "lost objects", "truncated objects", "forged blob", "stale locks"]
)
def test_a_mirror_that_a_kill_left_broken_is_mended(
    server: GitServer, upstream: Checkout, home: Path, damage: str
) -> None:
    first = take(server, home)
    (mirror,) = (path for path in (home / "mirrors").iterdir() if path.is_dir())
    if damage == "no HEAD":
        (mirror / "HEAD").unlink()
    elif damage == "broken config":
        (mirror / "config").write_text("[core\n")
    elif damage == "lost objects":
        for place in (mirror / "objects").iterdir():
            shutil.rmtree(place)
    elif damage == "truncated objects":
        for place in (mirror / "objects").rglob("*"):
            if place.is_file():
                place.chmod(0o644)
                os.truncate(place, place.stat().st_size // 2)
    elif damage == "forged blob":
        honest, other = (upstream.git("rev-parse", f"HEAD:{path}") for path in ("sub/b.py", "a.py"))
        place = mirror / "objects" / honest[:2] / honest[2:]
        place.unlink()
        shutil.copy(mirror / "objects" / other[:2] / other[2:], place)
    else:
        for name in ("shallow.lock", "config.lock", "HEAD.lock", f"refs/hasten/{first.commit}.lock"):
            (mirror / name).touch()
        upstream.commit({"a.py": "A = 4\n"})
        upstream.git("push", "-q", "served", "main")
    shutil.rmtree(home / "trees")
    again = take(server, home)
    assert again.commit == upstream.git("rev-parse", "HEAD")
    assert (again.tree / "sub" / "b.py").read_text() == "B = 1\n"
    if damage == "stale locks":
        assert (mirror / "refs/hasten" / first.commit).exists(), "what was whole is kept"


def test_two_at_once_wait_for_each_other(server: GitServer, upstream: Checkout, home: Path) -> None:
    take(server, home)
    (lock,) = (home / "mirrors").glob("*.lock")
    server.requests.clear()
    descriptor = os.open(lock, os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    script = (
        "import fcntl, sys; from pathlib import Path; from tools.git.take import take_snapshot\n"
        "from tools.git.source import Admission\n"
        "flock = fcntl.flock\n"
        "def asks(lock, kind):\n"
        "    print('asks', flush=True)\n"
        "    flock(lock, kind)\n"
        "fcntl.flock = asks\n"
        "print(take_snapshot(sys.argv[1], home=Path(sys.argv[2]), admission=Admission(private=True),"
        " extra_env={'GIT_SSL_CAINFO': sys.argv[3]}).commit)"
    )
    command = [sys.executable, "-c", script, server.url("project.git"), str(home), str(CERTIFICATE)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) for _ in range(2)]
    assert [process.stdout.readline() for process in both if process.stdout] == [b"asks\n"] * 2
    time.sleep(0.5)
    assert [process.poll() for process in both] == [None, None]
    assert server.requests == []
    os.close(descriptor)
    printed = [process.communicate(timeout=60)[0].decode().split()[-1] for process in both]
    assert printed == [upstream.git("rev-parse", "HEAD")] * 2


def test_after_a_kill_the_next_one_waits_for_the_git_that_was_left_and_goes_on(
    server: GitServer, upstream: Checkout, home: Path
) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from tools.git.take import take_snapshot\n"
        "from tools.git.source import Admission\n"
        "import threading, time\n"
        "def kill():\n"
        "    while not list(Path(sys.argv[2]).glob('mirrors/*/HEAD')): time.sleep(0.001)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "threading.Thread(target=kill).start()\n"
        "take_snapshot(sys.argv[1], home=Path(sys.argv[2]), admission=Admission(private=True),"
        " extra_env={'GIT_SSL_CAINFO': sys.argv[3]})"
    )
    command = [sys.executable, "-c", script, server.url("project.git"), str(home), str(CERTIFICATE)]
    killed = subprocess.run(command, cwd=Path(__file__).parents[3], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert take(server, home).commit == upstream.git("rev-parse", "HEAD")
    assert not list((home / "trees").glob("partial-*"))
