"""Keeps a process of ours alive until it is stopped: starts it again when it dies, and takes it along at the end."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""How long it rests after each death in a row; the last one stays."""
SETTLED_S = 60.0
"""After so long alive its earlier deaths are forgiven."""
GRACE_S = 40.0
"""How long it may take to end by itself."""


class Supervisor:
    """One child process and the thread that watches over it."""

    def __init__(self, name: str, command: Sequence[str], tell: Callable[[str], None]) -> None:
        """`name` is what people call it; `tell` hears, in a sentence, of every death."""
        self._name = name
        self._command = list(command)
        self._tell = tell
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name=f"supervisor of {name}")

    def start(self) -> None:
        """Start it; returns at once."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let it end by itself and start it no more; returns at once."""
        self._stopping.set()
        with self._starting:
            if self._process is not None and self._process.returncode is None:
                with suppress(ProcessLookupError):
                    os.kill(self._process.pid, signal.SIGTERM)

    def stop(self, grace_s: float = GRACE_S) -> None:
        """End it, by force where it does not end within `grace_s`; nothing of it is left when this returns."""
        if not self._thread.is_alive():
            return
        self.ask_to_stop()
        self._thread.join(grace_s)
        if self._thread.is_alive():
            self._tell(f"{self._name} did not stop in {grace_s:.0f} s and is killed; its round begins again later")
            with self._starting:
                if self._process is not None:
                    _kill_group(self._process.pid)
            self._thread.join()

    def _keep(self) -> None:
        deaths = 0
        while True:
            with self._starting:
                if self._stopping.is_set():
                    return
                began_s = time.monotonic()
                # A session of its own: a Ctrl-C reaches us alone, and we say when it ends.
                self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, start_new_session=True)
            code = _ended(self._process)
            if self._stopping.is_set():
                return
            deaths = 1 if time.monotonic() - began_s > SETTLED_S else deaths + 1
            pause_s = PAUSES_S[min(deaths, len(PAUSES_S)) - 1]
            self._tell(f"{self._name} {_how(code)}; it starts again in {pause_s:.0f} s")
            self._stopping.wait(pause_s)


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process and take its group along; how it ended."""
    # Its number is still its own until it is reaped, so that no stranger's group is meant.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    _kill_group(process.pid)
    return process.wait()


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _how(code: int) -> str:
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
