"""Stays with one command to its end: its limits, its output, its whole tree."""

import contextlib
import os
import select
import signal
import threading
import time
from collections.abc import Callable
from weakref import WeakSet

from tools.errors import InfrastructureError
from tools.sandbox.capture import Capture
from tools.sandbox.contract import Ended, Finished, Reading
from tools.sandbox.meter import MemoryAlarm
from tools.sandbox.plan import Plan, Started

_DIE_S = 10.0
_under_way: "WeakSet[Watch]" = WeakSet()
_adding = threading.Lock()


class Watch:
    """One command from start to end; `start` and `follow` are called by one thread, `end` and `reading` by any.

    There is one loop for every command: `run` goes through it in the caller's thread, `spawn` in a thread that lives as
    long as the command, so that its limits hold while the caller does something else.
    """

    def __init__(self, plan: Plan, *, feed: bytes | None) -> None:
        """`feed` goes to standard input while standard output is kept; None leaves both to the caller."""
        self._plan = plan
        self._feed = memoryview(feed or b"")
        self._keeps_output = feed is not None
        self._null_input = feed == b""
        self._lock = threading.Lock()
        self._why: Ended | None = None
        self._started: Started | None = None
        self._captures: dict[str, Capture] = {}
        self._ended_s: float | None = None
        self._survivors = 0
        self.finished: Finished | None = None
        with _adding:
            _under_way.add(self)

    @property
    def started(self) -> Started:
        """The running command."""
        assert self._started is not None
        return self._started

    def start(self) -> None:
        """Start the command; raises InfrastructureError where that fails."""
        started = self._plan.start(null_input=self._null_input)
        most_bytes = self._plan.limits.output_bytes
        for name in ("stdout", "stderr") if self._keeps_output else ("stderr",):
            self._captures[name] = Capture(getattr(started.child, name).fileno(), most_bytes)
        with self._lock:
            self._started = started
            if self._why is not None:
                self._kill(started)

    def reading(self) -> Reading:
        """Both clocks."""
        wall_s = time.monotonic()
        with self._lock:
            cpu_s = self.finished.cpu_s if self.finished is not None else self._cpu_s()
            waited_s = self._waited_s() if self.finished is None else None
        return Reading(wall_s=wall_s, cpu_s=cpu_s, waited_s=waited_s)

    def _waited_s(self) -> float | None:
        group = self._started.group if self._started is not None else None
        return group.waited_s() if group is not None else None

    def end(self, why: Ended) -> None:
        """Kill the command; the first reason given is the one reported."""
        with self._lock:
            if self.finished is None:
                self._why = self._why or why
                if self._started is not None:
                    self._kill(self._started)

    def follow(self) -> Finished:
        """Stay with the command to its end; raises InfrastructureError where its tree will not die."""
        try:
            self._until_exit()
        except BaseException:
            self.end(Ended.STOPPED)
            raise
        finally:
            self._settle()
        assert self.finished is not None
        return self.finished

    def close(self) -> None:
        """Close the pipes of a command that is over."""
        child = self.started.child
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None:
                stream.close()

    def _until_exit(self) -> None:
        child = self.started.child
        handlers: dict[int, Callable[[], bool]] = {c.fd: self._taker(c) for c in self._captures.values()}
        poll = select.poll()
        with contextlib.ExitStack() as stack:
            child_fd = os.pidfd_open(child.pid)
            stack.callback(os.close, child_fd)
            for fd in (child_fd, *handlers):
                poll.register(fd, select.POLLIN)
            alarm = self.started.group.memory_alarm() if self.started.group is not None else None
            if self._plan.own_processes:
                poll.register(self.started.status.fd, select.POLLIN)
                handlers[self.started.status.fd] = self._count_survivors
            if alarm is not None:
                stack.callback(alarm.close)
                poll.register(alarm.fd, alarm.event)
                handlers[alarm.fd] = lambda: self._heed(alarm)
            if self._feed:
                assert child.stdin is not None
                os.set_blocking(child.stdin.fileno(), False)
                poll.register(child.stdin.fileno(), select.POLLOUT)
                handlers[child.stdin.fileno()] = self._give
            self._turn(poll, child_fd, handlers)

    def _turn(self, poll: select.poll, child_fd: int, handlers: dict[int, Callable[[], bool]]) -> None:
        """Handle events until the command's first process is gone; a handler that returns False has nothing more."""
        deadline = self.started.begun_s + self._plan.limits.wall_s
        while True:
            events = poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
            if any(fd == child_fd for fd, _ in events):
                return
            for fd, _ in events:
                if not handlers[fd]():
                    poll.unregister(fd)
            if time.monotonic() >= deadline:
                if self._why is not None:
                    raise InfrastructureError(f"process {self.started.child.pid} of a sandbox cannot be killed")
                self.end(Ended.TIMEOUT)
            if self._why is not None:
                deadline = time.monotonic() + _DIE_S

    def _taker(self, capture: Capture) -> Callable[[], bool]:
        def take() -> bool:
            more = capture.read()
            if capture.over:
                self.end(Ended.OUTPUT)
            return more and not capture.over

        return take

    def _give(self) -> bool:
        """Feed standard input, and close it after the last byte."""
        stdin = self.started.child.stdin
        assert stdin is not None
        try:
            self._feed = self._feed[os.write(stdin.fileno(), self._feed) :]
        except BlockingIOError:
            return True
        except BrokenPipeError:
            self._feed = memoryview(b"")  # It does not read to the end, as it may.
        if not self._feed:
            stdin.close()
            return False
        return True

    def _heed(self, alarm: MemoryAlarm) -> bool:
        if not alarm.rings():
            return True
        self.end(Ended.MEMORY)
        return False

    def _count_survivors(self) -> bool:
        """Once the command has ended, while its namespace's first process waits: who is still there?

        A command can forge the word that it has ended; it is then counted itself.
        """
        status, group = self.started.status, self.started.group
        if not status.read():
            return False
        words = [line[1:] for line in bytes(status.data).splitlines() if line.startswith(b"=") and line[1:].isdigit()]
        if not words and not status.over:
            return True
        self._ended_s = time.monotonic()
        self._survivors = int(words[-1]) if words else 0
        if group is not None:
            self._survivors = max(0, len(group.alive()) - self._plan.spare_processes)
            group.hold()
        self.started.gate.close()
        return False

    def _kill(self, started: Started) -> None:
        if started.group is not None:
            started.group.hold()
        if started.init_fd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(started.init_fd, signal.SIGKILL)
        started.child.kill()

    def _cpu_s(self) -> float | None:
        started = self._started
        if started is None or started.group is None or started.cpu_before_s is None:
            return None
        now_s = started.group.cpu_s()
        return None if now_s is None else max(0.0, now_s - started.cpu_before_s)

    def _settle(self) -> None:
        """Make sure that everything is gone, then say how it was."""
        started, group = self.started, self.started.group
        started.child.wait(_DIE_S)
        ended_s = self._ended_s or time.monotonic()
        if group is not None and not self._plan.own_processes and self._why is None:
            self._survivors = len(group.alive())
        if started.init_fd is not None:
            _await_end(started.init_fd)
        elif group is not None:
            group.kill()
        else:
            _kill_session(started.child.pid)
        for capture in self._captures.values():
            capture.drain()
        with self._lock:
            ended, exit_code, signal_number = self._outcome()
            self.finished = Finished(
                ended=ended,
                exit_code=exit_code,
                signal=signal_number,
                stdout=self._kept("stdout"),
                stderr=self._kept("stderr"),
                truncated=any(capture.over for capture in self._captures.values()),
                wall_s=ended_s - started.begun_s,
                cpu_s=self._cpu_s(),
                peak_memory_bytes=None if group is None else group.peak_memory_bytes(),
                survivors=self._survivors,
            )
            os.close(started.status.fd)
            started.gate.close()
            if started.init_fd is not None:
                os.close(started.init_fd)
            if group is not None:
                group.remove()

    def _kept(self, name: str) -> bytes:
        return bytes(self._captures[name].data) if name in self._captures else b""

    def _outcome(self) -> tuple[Ended, int | None, int | None]:
        code = self.started.child.returncode
        signal_number = -code if code < 0 else None
        if signal_number is None and self._plan.own_processes and code - 128 in signal.valid_signals():
            signal_number = code - 128  # As the shell that is the first process in there reports it.
        if self.started.group is not None and self.started.group.out_of_memory():
            return Ended.MEMORY, None, signal_number
        if self._why is not None:
            return self._why, None, signal_number
        if any(capture.over for capture in self._captures.values()):
            return Ended.OUTPUT, None, signal_number
        if signal_number is not None:
            return Ended.SIGNALLED, None, signal_number
        return Ended.EXITED, code, None


def end_all() -> None:
    """End every command of this process now, whichever thread runs it; those that are started later are not concerned.

    Threads cannot be interrupted. Ending what they wait for is how a whole process is made to stop.
    """
    with _adding:
        watches = tuple(_under_way)
    for watch in watches:
        watch.end(Ended.STOPPED)


def _await_end(process_fd: int) -> None:
    poll = select.poll()
    poll.register(process_fd, select.POLLIN)
    if not poll.poll(_DIE_S * 1000):
        raise InfrastructureError("the processes of a sandbox cannot be killed")


def _kill_session(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
