"""What tests of interrupted commands share."""

import signal
from collections.abc import Iterator
from types import FrameType

import pytest


@pytest.fixture
def alarm() -> Iterator[None]:
    """The alarm signal interrupts as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
