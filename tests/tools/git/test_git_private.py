"""Private repositories: credentials reach the one host that they are for, and stay nowhere."""

import base64
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkouts import Checkout
from git_https_server import CERTIFICATE, PRIVATE, GitServer, serving

from tools.errors import UserError
from tools.git.snapshot import Snapshot
from tools.git.take import take_snapshot

TRUST = {"GIT_SSL_CAINFO": str(CERTIFICATE), "GIT_SSL_CAPATH": "/nonexistent"}
TOKEN = "ghs_0123.secret-token-of-thirty-six-characters"


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


@pytest.fixture(autouse=True)
def users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without any git configuration."""
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    upstream = Checkout(tmp_path / "upstream")
    upstream.commit({"a.py": "A = 1\n"})
    bare = tmp_path / "served" / "project.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(upstream.path), str(bare)], check=True)
    with serving(bare.parent) as server:
        server.authorization = basic("x-access-token", TOKEN)
        yield server


def host(server: GitServer) -> str:
    return f"127.0.0.1:{server.server_address[1]}"


def take(server: GitServer, home: Path, name: str = "project.git", **credentials: str) -> Snapshot:
    return take_snapshot(server.url(name), home=home, extra_env={**TRUST, **credentials}, admission=PRIVATE)


def test_a_token_reads_a_private_repository_and_is_stored_nowhere(server: GitServer, home: Path) -> None:
    snapshot = take(server, home, HASTEN_GIT_TOKEN=TOKEN, HASTEN_GIT_HOST=host(server))
    assert (snapshot.tree / "a.py").read_text() == "A = 1\n"
    encoded = base64.b64encode(f"x-access-token:{TOKEN}".encode())
    left = [path for path in home.rglob("*") if path.is_file() and not path.is_symlink()]
    assert left
    for secret in (TOKEN.encode(), encoded):
        assert not [path for path in left if secret in path.read_bytes()], "a token in a file"
        assert server.command_lines
        assert secret not in server.command_lines, "a token on a command line"
        assert secret not in repr(snapshot).encode()


def test_an_archive_behind_a_sign_in_is_read_with_the_token(server: GitServer, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pkg-1.0"
    folder.mkdir()
    (folder / "mod.py").write_text("B = 2\n")
    packed = tmp_path / "pkg.tar.gz"
    subprocess.run(["tar", "czf", str(packed), "-C", str(tmp_path), "pkg-1.0"], check=True)
    server.body = packed.read_bytes()
    snapshot = take(server, home, "pkg.tar.gz", HASTEN_GIT_TOKEN=TOKEN, HASTEN_GIT_HOST=host(server))
    assert (snapshot.tree / "mod.py").read_text() == "B = 2\n"
    with pytest.raises(UserError, match=r"no archive .* without signing in"):
        take(server, home, "pkg.tar.gz")


def test_a_token_goes_to_no_other_host(server: GitServer, home: Path) -> None:
    with pytest.raises(UserError, match=r"without signing in: .* HASTEN_GIT_TOKEN and HASTEN_GIT_HOST=127") as refused:
        take(server, home, HASTEN_GIT_TOKEN=TOKEN)  # it is for github.com
    assert TOKEN not in str(refused.value)


def test_a_refused_token_says_so_without_naming_it(server: GitServer, home: Path) -> None:
    with pytest.raises(UserError, match=r"that the credentials for 127.* may read") as refused:
        take(server, home, HASTEN_GIT_TOKEN="another", HASTEN_GIT_HOST=host(server))
    assert "another" not in str(refused.value)


def test_the_users_own_credential_helper_is_asked_only_when_the_host_asks(
    server: GitServer, home: Path, users_home: Path
) -> None:
    helper = users_home / "helper"
    helper.write_text(f'#!/bin/sh\necho "$1" >> {users_home}/asked\necho username=me\necho password=mine\n')
    helper.chmod(0o755)
    (users_home / ".gitconfig").write_text(f"[credential]\n\thelper = {helper}\n")
    server.authorization = None
    take(server, home)
    assert not (users_home / "asked").exists()
    server.authorization = basic("me", "mine")
    assert (take(server, home).tree / "a.py").is_file()
    assert (users_home / "asked").read_text() == "get\n", "nothing is stored or erased"
    assert os.listdir(users_home).count(".git-credentials") == 0
