"""Ctrl-C at any moment of a command's life leaves nothing running and nothing lying about."""

import os
import signal
from pathlib import Path

import pytest

from tools.sandbox.contract import Command
from tools.sandbox.select import open_sandbox

SLEEP = Command(argv=("/bin/sleep", "30"))


def our_groups() -> list[Path]:
    mark = f"-{os.getpid()}-"
    folders = (Path(folder, name) for folder, names, _ in os.walk("/sys/fs/cgroup") for name in names)
    return [folder for folder in folders if folder.name.startswith("hasten-") and mark in folder.name]


def spawn_and_wait() -> None:
    with open_sandbox("bubblewrap").spawn(SLEEP) as process:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        process.wait(timeout_s=20)


@pytest.mark.usefixtures("alarm")
def test_while_it_is_waited_for() -> None:
    with pytest.raises(KeyboardInterrupt):
        spawn_and_wait()
    assert our_groups() == []


@pytest.mark.usefixtures("alarm")
@pytest.mark.parametrize("after_ms", [0.4, 0.8, 1.5, 3, 6, 10, 15, 20, 25, 30, 40])
def test_while_it_starts(after_ms: float) -> None:
    sandbox = open_sandbox("bubblewrap")
    sandbox.run(Command(argv=("/bin/true",)))

    def spawn() -> None:
        with sandbox.spawn(SLEEP) as process:
            process.wait(timeout_s=20)

    signal.setitimer(signal.ITIMER_REAL, after_ms / 1000)
    with pytest.raises(KeyboardInterrupt):
        spawn()
    assert our_groups() == []
