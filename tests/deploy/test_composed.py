"""The whole of docker-compose.yml, brought up by whatever engine this machine has: healthy, and a job goes through it.

It runs wherever an engine answers that has compose and gets at the images that ours stand on, unless
`HASTEN_TEST_COMPOSE=0` says that the minutes it takes are too many. `HASTEN_TEST_IMAGES` names the tag of images that
are there already; without it they are built.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_S = 900.0
KEY = secrets.token_hex(24)
FOLDER = Path(tempfile.gettempdir()) / f"hasten-composed-{os.getpid()}"
REPOSITORY, OVERRIDE = FOLDER / "repository", FOLDER / "override.json"


def answers(*command: str) -> bool:
    return (
        shutil.which(command[0]) is not None
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


pytestmark = [
    pytest.mark.timeout(PATIENCE_S),
    pytest.mark.skipif(
        not (
            os.environ.get("HASTEN_TEST_COMPOSE") != "0"
            and answers("docker", "info")
            and answers("docker", "compose", "version")
        ),
        reason="HASTEN_TEST_COMPOSE=0 forbids it, no Docker engine answers here, or it has no compose",
    ),
]


def compose(*words: str, check: bool = True) -> str:
    made = {
        "HASTEN_DATABASE_PASSWORD": KEY,
        "HASTEN_BROKER_PASSWORD": KEY,
        "HASTEN_SECRET_KEY": KEY,
        "HASTEN_API_KEY": KEY,
        "HASTEN_LISTEN": "127.0.0.1:0",
        "HASTEN_VERSION": os.environ.get("HASTEN_TEST_IMAGES", "test"),
    }
    mine = {name: value for name, value in os.environ.items() if not name.startswith("HASTEN_")}
    files = [word for name in ("docker-compose.yml", OVERRIDE) for word in ("--file", str(name))]
    command = ["docker", "compose", "--project-name", "hasten-test", *files, *words]
    done = subprocess.run(command, cwd=ROOT, env={**mine, **made}, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or not check, done.stderr[-4000:]
    return done.stdout


def base_image() -> str:
    """What our images stand on."""
    [name] = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    return name


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the API of a composed service is reached."""
    REPOSITORY.mkdir(parents=True)
    (REPOSITORY / "work.py").write_text("def work():\n    return 1\n")
    FOLDER.chmod(0o755)
    part = {
        "environment": {"HASTEN_ALLOW_LOCAL_REPOSITORIES": "1"},
        "volumes": [f"{REPOSITORY}:/repository:ro"],
    }
    OVERRIDE.write_text(json.dumps({"services": {"api": part, "worker": part}}))
    try:
        if "HASTEN_TEST_IMAGES" not in os.environ:
            if not answers("docker", "pull", "--quiet", base_image()):
                pytest.skip(f"the engine does not get at {base_image()}")
            compose("build")
        compose("up", "--no-build", "--detach", "--wait", "--wait-timeout", "300", "--scale", "worker=2")
        yield "http://" + compose("port", "api", "8000").strip()
    finally:
        compose("down", "--volumes", "--timeout", "60", check=False)
        shutil.rmtree(FOLDER)


def ask(url: str, body: object | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=60) as answer:
        return json.load(answer)


def test_it_is_healthy_and_a_job_goes_through_it(address: str) -> None:
    assert ask(f"{address}/readyz")["checks"] == {"database": "ok", "broker": "ok"}
    job = ask(f"{address}/v1/jobs", {"repository": "/repository", "ref": "no-such-branch"})
    deadline = time.monotonic() + 120
    while (found := ask(f"{address}/v1/jobs/{job['id']}"))["ended"] is None:
        assert time.monotonic() < deadline, compose("logs", "worker")
        time.sleep(1)
    assert found["status"] == "failed", "a worker has looked for the branch"


def test_its_sandboxes_work_and_nobody_is_root(address: str) -> None:
    del address
    for part in ("api", "worker"):
        assert compose("exec", "-T", part, "id", "-u").strip() == "10001"
        assert "CapEff:\t0000000000000000" in compose("exec", "-T", part, "cat", "/proc/1/status")
    tried = "from tools.sandbox.select import open_sandbox; open_sandbox('bubblewrap'); print('works')"
    assert "works" in compose("exec", "-T", "worker", "python", "-c", tried)
    assert compose("exec", "-T", "worker", "hasten", "worker", "--check")
