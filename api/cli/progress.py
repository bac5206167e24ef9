"""Live progress: what happened as lines that stay, what happens now as one line that is redrawn."""

import math
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from agent.domain import Budget, Candidate, Outcome, Spend, Verdict
from api.legible import line, short
from api.wording import clock_face
from tools.measure.estimate import Estimate

_TICK_S = 0.25
_MEASURING = ("faster", "pair ", "calibration")
"""Words that say that pairs are being measured."""
_PHASES = {
    "environment": "install the project and what its tests need",
    "tests": "the suite on the unchanged code, three times",
    "profile": "where the time goes",
    "calibration": "the unchanged code against itself",
    "search": "change, test, compare, measure",
    "finish": "minimise, combine, confirm",
}
"""What a phase is about; any other is described by its first detail."""
VERDICT_STYLE = {Outcome.KEPT: "bold green", Outcome.CHEATED: "red", Outcome.INCONCLUSIVE: "yellow"}
NOTHING = Spend()
_VERDICT_WIDTH = max(map(len, Outcome))


class ConsoleProgress:
    """Implements `agent.protocols.Progress` on a terminal, and without the redrawn line elsewhere.

    `before` is what earlier runs of the job spent; `on_spend` is told what the job has spent whenever this is; `clock`
    is monotonic, in seconds.
    """

    def __init__(
        self,
        console: Console,
        budget: Budget,
        *,
        before: Spend = NOTHING,
        on_spend: Callable[[Spend], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._budget = budget
        self._on_spend = on_spend
        self._clock = clock
        self._started_s = clock()
        self._spent = (before, clock())
        self._phases: set[str] = set()
        self._now = ""
        self._candidate: Candidate | None = None
        self._best: tuple[float, int] | None = None
        self._paused = False
        self._spinner = Spinner("dots", style="cyan")
        self._live = Live(
            get_renderable=self._status, console=console, auto_refresh=False, transient=True, redirect_stderr=False
        )
        self._ended = threading.Event()
        self._ticker = threading.Thread(target=self._tick, name="progress", daemon=True)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
            self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._ticker.is_alive():
            self._ticker.join()
        self._live.stop()

    def phase(self, name: str, detail: str = "") -> None:
        """A new phase of the job began, or the one at hand came further; each is announced once."""
        self._now, self._candidate = f"{name}: {detail}" if detail else name, None
        self._paused = any(word in self._now for word in _MEASURING)
        if name in self._phases:
            self._redraw()
            return
        self._phases.add(name)
        self._line(Text(f"{line(name):<13}", style="bold"), Text(line(_PHASES.get(name, detail))))

    def note(self, text: str) -> None:
        """One line worth reading now."""
        self._line(Text(line(text), style="dim"), stamped=False)

    def candidate(self, candidate: Candidate, activity: str) -> None:
        """What is being done with a candidate now."""
        self._now, self._candidate = activity, candidate
        self._paused = any(word in activity for word in _MEASURING)
        self._redraw()

    def verdict(self, candidate: Candidate, verdict: Verdict) -> None:
        """A candidate was judged."""
        self._candidate, self._paused = None, False
        if verdict.kept and verdict.speedup and (self._best is None or verdict.speedup.point > self._best[0]):
            self._best = (verdict.speedup.point, candidate.number)
        style = VERDICT_STYLE.get(verdict.outcome, "dim")
        said = candidate.summary if verdict.kept else verdict.reason
        gain = f"{speedup_text(verdict.speedup)}  " if verdict.kept and verdict.speedup else ""
        where = f"{_short_name(candidate.target)}: " if candidate.target else ""
        self._line(
            Text(f"#{candidate.number:<4} ", style="bold"),
            Text(f"{verdict.outcome.value:<{_VERDICT_WIDTH}}  ", style=style),
            Text.assemble(gain, where, (short(said), "" if verdict.kept else "dim")),
            stamped=False,
        )

    def spent(self, spend: Spend) -> None:
        """What the job has spent so far."""
        self._spent = (spend, self._clock())
        self._on_spend(spend)
        self._redraw()

    def _line(self, *parts: Text, stamped: bool = True) -> None:
        stamp = clock_face(self._clock() - self._started_s) if stamped else ""
        if not self._console.is_terminal:
            self._console.print(Text.assemble(f"{stamp:>6}  ", *parts), soft_wrap=True)
            return
        grid = Table.grid(padding=0)
        for _ in parts:
            grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Text(f"{stamp:>6}  ", style="dim"), *parts)
        self._console.print(grid)

    def _status(self) -> RenderableType:
        spend, at_s = self._spent
        left_s = max(0.0, self._budget.wall_s - spend.wall_s - (self._clock() - at_s))
        facts = (
            [f"#{self._candidate.number} {_short_name(self._candidate.target or '')}".rstrip()]
            if self._candidate
            else []
        )
        facts.append(line(self._now))
        if self._best:
            facts.append(f"best {self._best[0]:.2f}x (#{self._best[1]})")
        facts.append(f"{clock_face(left_s)} left")
        grid = Table.grid(padding=0)
        grid.add_column(width=8)
        grid.add_column(no_wrap=True, overflow="ellipsis")
        self._spinner.update()
        grid.add_row(Text("     ") + _frame(self._spinner, self._clock()), Text(" · ".join(facts), style="cyan"))
        return grid

    def _redraw(self) -> None:
        if self._live.is_started:
            self._live.refresh()

    def _tick(self) -> None:
        """Redraws while nothing is measured: drawing holds the interpreter for milliseconds the clock would count."""
        while not self._ended.wait(_TICK_S):
            if not self._paused:
                self._redraw()


def speedup_text(speedup: Estimate) -> str:
    """A speedup with its interval; an open end is `?`."""
    low, high = (f"{end:.2f}" if math.isfinite(end) else "?" for end in (speedup.low, speedup.high))
    return f"{speedup.point:.2f}x [{low}, {high}]"


def _short_name(target: str) -> str:
    """The module's last part and the function, of `module:function`."""
    module, _, function = line(target).rpartition(":")
    return f"{module.rpartition('.')[2]}.{function}" if module else function


def _frame(spinner: Spinner, now_s: float) -> Text:
    frame = spinner.render(now_s)
    return frame if isinstance(frame, Text) else Text(" ")
