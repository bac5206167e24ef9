"""Ignores every signal it can and burns the processor."""

import contextlib
import os
import signal

for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
    with contextlib.suppress(OSError):
        signal.signal(number, signal.SIG_IGN)
os.fork()
while True:
    pass
