"""A process that is kept alive, and one that ends with whoever started it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from workers import supervisor
from workers.supervisor import Supervisor

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


class Line:
    """A pipe that the child writes to when it is up; reading one line waits for a start."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        self._file = os.fdopen(reading)
        os.set_inheritable(self._writing, True)

    def next(self) -> int:
        return int(self._file.readline())

    def ended(self) -> bool:
        """Waits until nobody holds the other end."""
        os.close(self._writing)
        return self._file.read() == ""

    def command(self, then: str) -> list[str]:
        # The child's own copy of the pipe, which is not among those that Popen closes.
        shout = f"import os, signal, time; w = os.open('/proc/{os.getpid()}/fd/{self._writing}', os.O_WRONLY)"
        return [sys.executable, "-c", f"{shout}; {then}"]


UP = "os.write(w, f'{os.getpid()}\\n'.encode())"


@contextmanager
def supervised(command: list[str]) -> Iterator[tuple[Supervisor, list[str]]]:
    said: list[str] = []
    one = Supervisor("the child", command, said.append)
    one.start()
    try:
        yield one, said
    finally:
        one.stop(0.1)


def test_a_process_that_dies_starts_again_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PAUSES_S", (0.0,))
    line = Line()
    with supervised(line.command(f"{UP}; time.sleep(600)")) as (_, said):
        first = line.next()
        os.kill(first, signal.SIGKILL)
        second = line.next()
        assert second != first
        assert said == ["the child was killed by SIGKILL; it starts again in 0 s"]
    assert line.ended()


def test_pauses_grow_from_death_to_death(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    asleep = threading.Event.wait

    def wait(self: threading.Event, timeout: float | None = None) -> bool:
        if threading.current_thread().name.startswith("supervisor"):
            waited.append(timeout or 0.0)
            return False
        return asleep(self, timeout)

    line = Line()
    one = Supervisor("the child", line.command(f"{UP}; raise SystemExit(3)"), lambda _: None)
    monkeypatch.setattr(threading.Event, "wait", wait)
    one.start()
    for _ in range(7):
        line.next()
    one.stop()
    assert waited[:6] == [1.0, 2.0, 5.0, 10.0, 30.0, 30.0]


def test_what_it_started_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PAUSES_S", (600.0,))
    line = Line()
    with supervised(line.command(f"os.fork() and ({UP}, os._exit(1)); time.sleep(600)")):
        line.next()
        assert line.ended(), "the child's own child lives on"


def test_a_process_that_ignores_the_end_is_killed() -> None:
    line = Line()
    deaf = f"signal.signal(signal.SIGTERM, signal.SIG_IGN); {UP}; time.sleep(600)"
    with supervised(line.command(deaf)) as (one, said):
        line.next()
        one.stop(0.1)
        assert "is killed" in said[0]
        assert line.ended()


def test_nothing_starts_once_it_was_asked_to_stop() -> None:
    one = Supervisor("the child", ["/bin/false"], lambda _: None)
    one.ask_to_stop()
    one.start()
    one.stop()


CHILD = """
import os, signal, sys, threading
from workers.parent import end_with
def told(number, frame):
    os.write({line}, b"told\\n")
    os._exit(0) if {polite} else None
signal.signal(signal.SIGTERM, told)
end_with(int(sys.argv[1]), grace_s=0.1)
os.write({line}, b"up\\n")
while True: signal.pause()
"""
PARENT = """
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", sys.argv[1], str(os.getpid())], pass_fds=[int(sys.argv[2])],
                 start_new_session=True).wait()
"""


@pytest.mark.parametrize("polite", [True, False])
def test_a_process_ends_with_a_parent_that_was_killed(polite: bool) -> None:
    reading, writing = os.pipe()
    child = CHILD.format(line=writing, polite=polite)
    parent = subprocess.Popen([sys.executable, "-c", PARENT, child, str(writing)], pass_fds=[writing], cwd=ROOT)
    os.close(writing)
    with os.fdopen(reading) as line:
        assert line.readline() == "up\n"
        parent.kill()
        parent.wait()
        assert line.read() == "told\n"  # and then nobody holds the line any more
