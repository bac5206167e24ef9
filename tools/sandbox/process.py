"""A running command with pipes to its standard input and output."""

import os
import select
import threading
import time
from types import TracebackType
from typing import Self

from tools.errors import HastenError, InfrastructureError
from tools.sandbox.contract import Ended, Finished, Reading
from tools.sandbox.plan import Plan
from tools.sandbox.watch import Watch


class SpawnedProcess:
    """Implements `contract.Process`; a thread of its own stays with the command."""

    def __init__(self, plan: Plan) -> None:
        """Start it; raises InfrastructureError where that fails."""
        self._watch = Watch(plan, feed=None)
        self._ready = threading.Event()
        self._claim = threading.Lock()
        """Taken once: by the thread to start the command, or by an interrupt that comes before it."""
        self._ended = threading.Event()
        """Waited for in place of the thread: a `Thread.join` that was interrupted once may not wait any more."""
        self._failure: HastenError | None = None
        self._thread = threading.Thread(target=self._live, name="hasten-sandbox", daemon=True)
        try:
            self._thread.start()
            self._ready.wait()
            if self._failure is None:
                self._take_pipes()
        except BaseException:
            self._watch.end(Ended.STOPPED)
            if not self._claim.acquire(blocking=False):
                self._ended.wait()  # else the interpreter may exit under it, and leave what it was about to remove
            raise
        if self._failure is not None:
            self._ended.wait()
            raise self._failure

    def _take_pipes(self) -> None:
        child = self._watch.started.child
        assert child.stdin is not None
        assert child.stdout is not None
        self._input, self._output = child.stdin, child.stdout
        os.set_blocking(self._input.fileno(), False)
        os.set_blocking(self._output.fileno(), False)

    def _live(self) -> None:
        if not self._claim.acquire(blocking=False):
            return
        try:
            try:
                self._watch.start()
            finally:
                self._ready.set()
            self._watch.follow()
        except HastenError as error:
            self._failure = error
        except OSError as error:
            self._failure = InfrastructureError(f"a sandbox failed: {error}", retryable=True)
        finally:
            self._ended.set()

    def send(self, data: bytes, *, timeout_s: float) -> None:
        """Write all of `data`; raises BrokenPipeError where the command has ended, TimeoutError."""
        deadline = time.monotonic() + timeout_s
        rest = memoryview(data)
        while rest:
            if self._input.closed:
                raise BrokenPipeError("the command's input is closed")
            _await(self._input.fileno(), select.POLLOUT, deadline, "the command does not read")
            try:
                rest = rest[os.write(self._input.fileno(), rest) :]
            except BlockingIOError:
                continue

    def receive(self, most_bytes: int, *, timeout_s: float) -> bytes:
        """Read what is there; b"" at the end; raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        while not self._output.closed:
            _await(self._output.fileno(), select.POLLIN, deadline, "the command sends nothing")
            try:
                return os.read(self._output.fileno(), most_bytes)
            except BlockingIOError:
                continue
        return b""

    def reading(self) -> Reading:
        """Both clocks now."""
        return self._watch.reading()

    def stop(self) -> Finished:
        """Kill the whole tree now and close both pipes."""
        self._watch.end(Ended.STOPPED)
        return self._over(close=True)

    def wait(self, *, timeout_s: float) -> Finished:
        """Close its input and wait for its end; what it still printed can be received afterwards, until `stop`."""
        self._input.close()
        self._ended.wait(timeout_s)
        self._watch.end(Ended.TIMEOUT)
        return self._over(close=False)

    def _over(self, *, close: bool) -> Finished:
        self._ended.wait()
        if close:
            self._watch.close()
        if self._failure is not None:
            raise self._failure
        assert self._watch.finished is not None
        return self._watch.finished

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _await(fd: int, event: int, deadline: float, complaint: str) -> None:
    poll = select.poll()
    poll.register(fd, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError(complaint)
