"""`hasten serve`: one command that serves and works, says what one must know, and leaves nothing behind."""

import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from serving_whole import PATIENCE_S, Served, await_gone, served

from api.cli.main import run

GIVEN = "a-key-that-the-operator-gave"
LOCAL = {"HASTEN_ALLOW_LOCAL_REPOSITORIES": "1"}


def ended(service: Served, job: str, key: str) -> dict[str, Any]:
    """Wait for the end of a job."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found: dict[str, Any] = service.get(f"/v1/jobs/{job}", key).json()
        if found["ended"] is not None:
            return found
        assert time.monotonic() < deadline, f"{found}\n{service.errors()}"
        time.sleep(0.2)


def test_a_job_goes_through_it_and_nothing_is_left(home: Path, repo: Path) -> None:
    with served(home, env=LOCAL) as service:
        key = service.key()
        assert key is not None
        assert service.get("/readyz").status_code == 200
        asked = service.post("/v1/jobs", key, {"repository": str(repo), "ref": "no-such-branch"})
        assert asked.status_code == 202
        job = ended(service, asked.json()["id"], key)
        assert job["status"] == "failed"
        assert "no-such-branch" in job["detail"]
        started = service.descendants()
        assert started
        assert service.stop(signal.SIGINT) == 0
        await_gone(started)
        assert service.errors().splitlines()[-1] == "hasten: stopped"
        assert "Traceback" not in service.errors()
        assert list((home / "trees").glob("partial-*")) == []
    with served(home, "--no-worker", env={"HASTEN_API_KEY": GIVEN}) as again:
        assert again.get("/v1/jobs", key).json()["items"][0]["id"] == job["id"]
        assert again.get("/v1/jobs", GIVEN).status_code == 200
        refused = again.post("/v1/jobs", GIVEN, {"repository": str(repo)})
        assert 400 <= refused.status_code < 500
        assert "HASTEN_ALLOW_LOCAL_REPOSITORIES" in refused.json()["detail"]
        assert again.descendants() == set()
        assert again.stop() == 0
        assert again.key() is None, "a later start shows a key"
        assert GIVEN not in again.errors() + again.printed


def test_killing_it_takes_the_worker_down(home: Path) -> None:
    with served(home, "--host", "0.0.0.0") as service:
        assert "other machines reach the API" in service.errors()
        assert service.get("/healthz").status_code == 200
        started = service.descendants()
        assert started
        assert service.stop(signal.SIGKILL) == -signal.SIGKILL
        await_gone(started)


def test_a_port_in_use_is_refused_in_a_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["serve", "--port", str(port)]) == 2
    said = capsys.readouterr()
    [sentence] = said.err.splitlines()
    assert sentence.startswith(f"hasten: cannot listen at 127.0.0.1, port {port}: the port is in use; choose another")
    assert said.out == ""
    assert not home.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--host", "no such name"], "is no address of this machine"),
        (["--host", "192.0.2.1"], "cannot listen at 192.0.2.1"),
    ],
)
def test_an_address_that_is_not_ours_is_refused(words: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--port", "0", *words]) == 2
    assert why in capsys.readouterr().err


def test_a_sandbox_that_cannot_be_had_is_no_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HASTEN_SANDBOX", "docker")
    monkeypatch.setenv("HASTEN_DOCKER_SOCKET", "/nonexistent/socket")
    assert run(["serve", "--port", "0"]) == 1
    assert "No Docker engine answers" in capsys.readouterr().err
