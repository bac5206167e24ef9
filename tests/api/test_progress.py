"""Live progress: what stays, what is redrawn, and when nothing may be drawn."""

import io
import time
from collections.abc import Callable

import pytest
from rich.console import Console
from scripted import ENTRIES

from agent.domain import Budget, Spend
from api.cli.progress import ConsoleProgress
from api.wording import clock_face


class Clock:
    """Stands still unless told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def terminal(width: int = 80) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None, highlight=False)


def pipe() -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=80, highlight=False)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_pipe_gets_plain_lines_unfolded_and_one_for_each_phase() -> None:
    console, clock = pipe(), Clock()
    with ConsoleProgress(console, Budget(), clock=clock) as progress:
        progress.phase("snapshot", "/some/where")
        clock.now_s += 65
        for run in (1, 2, 3):
            progress.phase("tests", f"run {run} of 3")
        progress.note("41 pass")
        progress.candidate(ENTRIES[1].candidate, "impacted tests")
        progress.verdict(ENTRIES[1].candidate, ENTRIES[1].verdict)
    lines = written(console).splitlines()
    assert lines[:3] == [
        "  0:00  snapshot     /some/where",
        "  1:05  tests        the suite on the unchanged code, three times",
        "        41 pass",
    ]
    assert lines[3].startswith("        #2    NOT_EQUIVALENT  orders.newest: newest(")
    assert lines[3].endswith("now")
    assert len(lines) == 4


def test_a_terminal_is_shown_candidate_best_and_what_is_left() -> None:
    console, clock = terminal(), Clock()
    with ConsoleProgress(console, Budget(wall_s=900), before=Spend(wall_s=100), clock=clock) as progress:
        progress.verdict(ENTRIES[3].candidate, ENTRIES[3].verdict)
        progress.verdict(ENTRIES[0].candidate, ENTRIES[0].verdict)
        clock.now_s += 60
        progress.candidate(ENTRIES[4].candidate, "impacted tests")
    assert "#5 stock.merge · impacted tests · best 2.10x (#4) · 12:20 left" in written(console)


@pytest.mark.parametrize("width", [40, 80])
def test_the_redrawn_line_stays_one_line(width: int) -> None:
    console = terminal(width)
    with ConsoleProgress(console, Budget()) as progress:
        progress.candidate(ENTRIES[4].candidate, "x" * 200)
    assert max(len(line.split("\r")[-1]) for line in written(console).splitlines()) <= width + len("\x1b[?25l\x1b[2K")
    assert "…" in written(console)


def drawn_within(console: Console, seconds: float, condition: Callable[[], bool] = lambda: False) -> int:
    before, until_s = len(written(console)), time.monotonic() + seconds
    while time.monotonic() < until_s and not condition():
        time.sleep(0.02)
    return len(written(console)) - before


@pytest.mark.parametrize("activity", ["faster at a glance?", "confirm: pair 7/60"])
def test_nothing_is_drawn_while_pairs_are_measured(activity: str) -> None:
    console = terminal()
    with ConsoleProgress(console, Budget()) as progress:
        progress.candidate(ENTRIES[4].candidate, activity)
        assert drawn_within(console, 0.8) == 0
        progress.candidate(ENTRIES[4].candidate, "impacted tests")
        start = len(written(console))
        assert drawn_within(console, 5.0, lambda: len(written(console)) > start) > 0


def test_text_of_others_cannot_steer_the_terminal() -> None:
    console = terminal()
    with ConsoleProgress(console, Budget()) as progress:
        progress.note("a\x1b]0;owned\x07b\u202ec")
    assert r"a\x1b]0;owned\x07b\u202ec" in written(console)


@pytest.mark.parametrize(("seconds", "face"), [(0, "0:00"), (59.9, "0:59"), (3661, "1:01:01"), (-1, "0:00")])
def test_clock_face(seconds: float, face: str) -> None:
    assert clock_face(seconds) == face
