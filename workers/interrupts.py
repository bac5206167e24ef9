"""Stopping a round from outside: what the main thread does is unwound, as by Ctrl-C, so that nothing is left behind."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from types import FrameType

from tools.sandbox.watch import end_all

SIGNAL = signal.SIGUSR2


class Why(StrEnum):
    """Why a round is stopped."""

    CANCELLED = "cancelled"
    """A person no longer wants the job."""
    STOPPING = "stopping"
    """The worker ends: others go on."""
    LOST = "lost"
    """The lease is another worker's, or nobody's."""


class RoundStopped(BaseException):
    """Raised in the main thread wherever it is; no error, so that nothing takes it for one."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Interrupts:
    """Of one process: its main thread works within `armed`, other threads call `stop`."""

    def __init__(self) -> None:
        self._why: Why | None = None
        self._armed = False

    @contextmanager
    def armed(self) -> Iterator[None]:
        """What is done within can be stopped: the first call of `stop` raises RoundStopped there, once."""
        self._why = None
        signal.signal(SIGNAL, self._handle)  # it stays: a signal that comes late must not end the process
        self._armed = True
        try:
            yield
        finally:
            self._armed = False

    def stop(self, why: Why) -> None:
        """Stop what is under way, if anything is: also what its threads wait for. May be called again and again."""
        if not self._armed and self._why is None:
            return
        if self._why is None:
            self._why = why
            signal.pthread_kill(threading.main_thread().ident or 0, SIGNAL)
        end_all()

    @property
    def why(self) -> Why | None:
        """Why what is under way, or was last, was told to stop; None where it was not."""
        return self._why

    def check(self) -> None:
        """Raise RoundStopped where a stop was asked for: a signal may come where Python drops what is raised."""
        if self._why is not None:
            raise RoundStopped(self._why)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self._armed and self._why is not None:
            self._armed = False
            raise RoundStopped(self._why)
