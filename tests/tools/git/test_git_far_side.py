"""A hostile server: wherever it sends git, git does not go."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkouts import Checkout
from git_https_server import CERTIFICATE, PRIVATE, GitServer, serving

from tools.errors import HastenError, InfrastructureError, UserError
from tools.git.source import Admission
from tools.git.take import take_snapshot

TRUST = {"GIT_SSL_CAINFO": str(CERTIFICATE)}


@pytest.fixture
def server(checkout: Checkout, tmp_path: Path) -> Iterator[GitServer]:
    root = tmp_path / "served"
    root.mkdir()
    subprocess.run(["git", "clone", "-q", "--bare", str(checkout.path), str(root / "project.git")], check=True)
    with serving(root) as running:
        yield running


def test_alternates_of_the_old_protocol_are_not_followed(server: GitServer, home: Path) -> None:
    """A server without git behind it may say that objects are elsewhere, on any host it likes."""
    bare = server.root / "project.git"
    subprocess.run(["git", "-C", str(bare), "update-server-info"], check=True)
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0)
        for kept in (*bare.glob("objects/??/*"), *bare.glob("objects/pack/*")):
            kept.unlink()
        place = f"https://127.0.0.1:{other.getsockname()[1]}/"
        for name, text in (("http-alternates", f"{place}objects\n"), ("alternates", f"{place}objects\n")):
            (bare / "objects/info" / name).write_text(text)
        (bare / "objects/info/packs").write_text("")
        server.dumb = True
        with pytest.raises(HastenError):
            take_snapshot(server.url("project.git"), home=home, extra_env=TRUST, admission=PRIVATE)
        assert any("http-alternates" in request for request in server.requests), "it was asked for"
        with pytest.raises(BlockingIOError):
            other.accept()


def test_git_connects_to_the_address_that_was_checked(
    server: GitServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is known to nobody but the check, so only a pinned git can come here at all."""
    ask = socket.getaddrinfo

    def rebinding(host: str, *args: object, **kwargs: object) -> object:
        return ask("127.0.0.1" if host == "rebound.invalid" else host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    url = server.url("project.git").replace("127.0.0.1", "rebound.invalid")
    with pytest.raises(InfrastructureError, match=r"certificate of https://rebound\.invalid:\d+/project\.git"):
        take_snapshot(url, home=home, extra_env=TRUST, admission=PRIVATE)


def test_a_name_that_leads_to_this_host_is_refused_before_git_starts(
    server: GitServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *a, **k: ask("169.254.169.254", *a, **k))
    for source in ("https://meta.example/a/b", "https://meta.example/a/b.tar.gz"):
        with pytest.raises(UserError, match="private address"):
            take_snapshot(source, home=home, admission=Admission(local=False, helper=False))
    assert server.requests == []


def test_submodules_hooks_and_configuration_of_the_far_side_stay_there(
    server: GitServer, checkout: Checkout, home: Path, tmp_path: Path
) -> None:
    sprung = tmp_path / "sprung"
    checkout.write(
        ".gitmodules", f'[submodule "x"]\n\tpath = x\n\turl = ext::touch {sprung}\n\tupdate = !touch {sprung}\n'
    )
    checkout.git("add", ".gitmodules")
    checkout.git("update-index", "--add", "--cacheinfo", f"160000,{checkout.git('rev-parse', 'HEAD')},x")
    checkout.git("commit", "-q", "-m", "a submodule")
    bare = server.root / "project.git"
    checkout.git("push", "-q", str(bare), "HEAD:refs/heads/main")
    checkout.git("push", "-q", str(bare), "HEAD:refs/heads/master")
    snapshot = take_snapshot(server.url("project.git"), home=home, extra_env=TRUST, admission=PRIVATE)
    assert "The submodule x is not followed." in snapshot.notes
    assert not (snapshot.tree / "x").exists()
    assert not sprung.exists()
    [mirror] = [path for path in (home / "mirrors").iterdir() if path.is_dir()]
    assert not list(mirror.glob("hooks/*"))
    assert "url" not in (mirror / "config").read_text()
