"""A Docker engine of the tests' own, beside whatever engine the host has: own socket, own data, no network."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

READY_S = 60.0
REQUIRED = "HASTEN_REQUIRE_DOCKER"


def missing() -> str | None:
    """Why there can be no engine here; None where there can."""
    if os.geteuid() != 0:
        return "a Docker engine needs root"
    if shutil.which("dockerd") is None:
        return "dockerd is not installed (Debian: docker.io)"
    return None


def give_up(reason: str) -> None:
    """Skip, or fail where the engine must be there, as in continuous integration."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, but {reason}")
    pytest.skip(reason)


@contextmanager
def engine() -> Iterator[Path]:
    """Start one, give its socket, stop it and remove what it kept."""
    folder = Path(tempfile.mkdtemp(prefix="hasten-engine-", dir="/var/tmp"))
    log = folder / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(arguments(folder), stdin=subprocess.DEVNULL, stdout=stream, stderr=stream)
    try:
        deadline = time.monotonic() + READY_S
        while b"API listen on" not in log.read_bytes():
            if process.poll() is not None or time.monotonic() > deadline:
                last = log.read_text(errors="replace").splitlines()[-5:]
                give_up("dockerd does not start here:\n" + "\n".join(last))
            time.sleep(0.05)
        yield folder / "socket"
    finally:
        process.terminate()
        process.wait(READY_S)
        unmount_below(folder)
        shutil.rmtree(folder)


def arguments(folder: Path) -> list[str]:
    """dockerd, with everything it makes in one folder."""
    options = {
        "host": f"unix://{folder}/socket",
        "data-root": folder / "data",
        "exec-root": folder / "exec",
        "pidfile": folder / "pid",
        "containerd-namespace": f"hasten-{os.getpid()}",
        "containerd-plugins-namespace": f"hasten-{os.getpid()}-plugins",
        "bridge": "none",
    }
    return ["dockerd", *(f"--{name}={value}" for name, value in options.items()), "--iptables=false"]


def unmount_below(folder: Path) -> None:
    """Let go of what a stopped engine leaves mounted."""
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    for point in reversed(points):
        if point.startswith(f"{folder}/"):
            subprocess.run(["umount", "--lazy", point], check=True)


if __name__ == "__main__":
    if reason := missing():
        raise SystemExit(reason)
    with engine():
        print("a Docker engine starts here")
