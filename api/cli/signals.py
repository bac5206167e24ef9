"""Ctrl-C and friends: the first one unwinds everything, so that nothing is left running or lying about."""

import signal
import sys
from types import FrameType

INTERRUPTED = 130
"""The exit code of a command that was stopped."""
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_seen: list[int] = []


def install() -> None:
    """Let SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt once; a second one is only answered, a third one kills.

    SIGHUP stays ignored where it was, as under nohup. SIGINT does not: a job in a script's background should stop, too.
    """
    _seen.clear()
    for number in _STOPPING:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def interrupted() -> bool:
    """Whether one of them came; an error that follows is its consequence."""
    return bool(_seen)


def _stop(number: int, frame: FrameType | None) -> None:
    del frame
    _seen.append(number)
    if len(_seen) == 1:
        raise KeyboardInterrupt
    if len(_seen) == 2:
        sys.stderr.write("hasten: stopping and cleaning up; once more leaves that to the next start\n")
        return
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
