"""Server programs that end with the tests that started them, however these end, and the folders they work in."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

REQUIRED = "HASTEN_REQUIRE_SERVERS"
READY_S = 60.0
NOBODY = 65534
_PARENT = Path("/var/tmp")  # every user may enter it, and its path is short enough for a socket's
_PREFIX = "hasten-server-"


def give_up(reason: str) -> None:
    """Skip, or fail where the servers must be there, as in continuous integration."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, but {reason}")
    pytest.skip(reason)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of the servers' user; those that killed tests left behind are removed first."""
    for left in _PARENT.glob(f"{_PREFIX}*"):
        _sweep(left)
    new = Path(tempfile.mkdtemp(prefix="hasten-new-server-", dir=_PARENT))
    with (new / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go of when this process dies, and never handed to a child
        made = new.rename(new.with_name(new.name.replace("-new", "", 1)))  # from here on others may sweep it
        if os.geteuid() == 0:
            os.chown(made, NOBODY, NOBODY)
        try:
            yield made
        finally:
            shutil.rmtree(made)


def _sweep(left: Path) -> None:
    try:
        with (left / "lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    except OSError:  # in use, of another user, or only just being made
        return


def as_server(arguments: Sequence[str | Path], *, death: str = "keep") -> list[str]:
    """A command line that drops root; the kernel sends it the signal `death` when the thread that starts it ends."""
    drop = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *drop, "--pdeathsig", death, "--", *map(str, arguments)]


def launch(arguments: Sequence[str | Path], *, log: Path, death: str) -> subprocess.Popen[bytes]:
    """Start a server that says what it has to say in `log`."""
    with log.open("ab") as stream:
        return subprocess.Popen(
            as_server(arguments, death=death), cwd="/", stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
        )


def wait_for(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers; raises RuntimeError with its last words where it ends or stays silent."""
    deadline = time.monotonic() + READY_S
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
            raise RuntimeError(f"{process.args!r} does not start:\n{last}")
        time.sleep(0.02)
