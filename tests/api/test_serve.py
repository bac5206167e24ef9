"""`hasten serve`: one command that serves and works, says what one must know, and leaves nothing behind."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from served import PATIENCE_S, ROOT, await_gone, served

from api.cli.main import run
from storage.store import open_store

GIVEN = "a-key-that-the-operator-gave"


def test_it_serves_shows_the_key_once_and_leaves_nothing(home: Path) -> None:
    with served(home) as first:
        key = first.key()
        assert key is not None
        assert first.get("/readyz").status_code == 200
        with open_store(home) as store:
            assert store.tenants.caller(key) is not None
        started = first.descendants()
        assert started, "no worker"
        assert first.stop(signal.SIGINT) == 0
        await_gone(started)
        assert first.errors().splitlines()[-1] == "hasten: stopped"
    with served(home, "--no-worker") as second:
        assert second.get("/healthz").status_code == 200
        assert second.descendants() == set()
        assert second.stop() == 0
        assert second.key() is None


def test_a_key_that_is_given_holds_and_is_not_printed(home: Path) -> None:
    with served(home, "--no-worker", env={"HASTEN_API_KEY": GIVEN}) as service:
        with open_store(home) as store:
            assert store.tenants.caller(GIVEN) is not None
        assert service.stop() == 0
        assert service.key() is None
        assert GIVEN not in service.errors() + service.printed


def test_killing_it_takes_the_worker_down(home: Path) -> None:
    with served(home) as service:
        assert service.get("/healthz").status_code == 200
        [worker, *_] = started = sorted(service.descendants())
        assert worker
        assert service.stop(signal.SIGKILL) == -signal.SIGKILL
        await_gone(set(started))


def test_a_port_in_use_is_refused_in_a_sentence(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert ended.returncode == 2
    [sentence] = ended.stderr.splitlines()
    assert sentence.startswith(f"hasten: cannot listen at 127.0.0.1, port {port}: the port is in use; choose another")
    assert ended.stdout == ""
    assert not home.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--host", "no-such-name.invalid"], "is no address of this machine"),
        (["--host", "192.0.2.1"], "cannot listen at 192.0.2.1"),
    ],
)
def test_an_address_that_is_not_ours_is_refused(words: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--port", "0", *words]) == 2
    assert why in capsys.readouterr().err


def test_it_says_aloud_that_others_can_reach_it(home: Path) -> None:
    with served(home, "--no-worker", "--host", "0.0.0.0") as service:
        assert "other machines reach the API" in service.errors()
    with served(home, "--no-worker") as service:
        assert service.stop() == 0
        assert "other machines" not in service.errors()


def test_a_sandbox_that_cannot_be_had_is_no_start(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del home
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HASTEN_SANDBOX", "docker")
        patch.setenv("HASTEN_DOCKER_SOCKET", "/nonexistent/socket")
        assert run(["serve", "--port", "0"]) == 1
    assert "No Docker engine answers" in capsys.readouterr().err
