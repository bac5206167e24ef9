"""Tests that are commands: each is one test, which passes where the command ends with exit code 0."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time

MOST_TAIL_BYTES = 2000


class CommandTests:
    """Runs commands one after the other in the project's folder and reports each as pytest's tests are reported."""

    def __init__(self, channel, commands, ids, left_out, most_s):
        """`ids` are the tests that are to run, None for all; without `most_s` every one begins."""
        self._channel = channel
        self._commands = [
            command for command in commands if (ids is None or command in ids) and command not in left_out
        ]
        self._most_s = most_s
        self.cut = False
        """Commands were left out because the time was up."""

    def run(self):
        """Name them all, then run each to its end."""
        self._channel.send(kind="collected", ids=self._commands)
        begun_s = time.monotonic()
        for number, command in enumerate(self._commands):
            if number and self._most_s is not None and time.monotonic() - begun_s > self._most_s:
                self.cut = True
                return
            self._channel.send(kind="started", id=command)
            started_s = time.monotonic()
            code, tail = _finished(command)
            passed = code == 0
            self._channel.send(
                kind="outcome",
                id=command,
                outcome="passed" if passed else "failed",
                duration_s=time.monotonic() - started_s,
                message="" if passed else "it ended with %s: %s" % (_how(code), tail),
            )


def _finished(command):
    """The exit code, and the last of what was printed."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        code = process.wait()
        _end_session(process.pid)
        output.seek(max(0, output.seek(0, os.SEEK_END) - MOST_TAIL_BYTES))
        return code, output.read().decode("utf-8", "replace").strip()


def _end_session(leader):
    """What a command left running must not run beside the next one."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _how(code):
    return "exit code %d" % code if code >= 0 else "signal %d" % -code
