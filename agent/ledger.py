"""What a job may spend and what it has spent: the wall that every proposer runs against."""

import time
from collections.abc import Callable
from dataclasses import replace

from agent.domain import Budget, Spend

FINISHING_SHARE = 0.15
"""Of the time budget, kept back by the search for minimising and combining what it kept."""


class Ledger:
    """Counts a job's spending; `clock` is monotonic, in seconds.

    `before` is what earlier runs of a resumed job spent. Time spent waiting for a core is given back by `excuse`.
    """

    def __init__(
        self, budget: Budget, before: Spend | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.budget = budget
        self._before = before or Spend()
        self._clock = clock
        self._started_s = clock()
        self._excused_s = 0.0
        self._candidates = 0

    @property
    def spend(self) -> Spend:
        """What was spent so far, earlier runs included."""
        here_s = self._clock() - self._started_s - self._excused_s
        return replace(
            self._before,
            wall_s=self._before.wall_s + here_s,
            candidates=self._before.candidates + self._candidates,
        )

    @property
    def left_s(self) -> float:
        """Seconds until the budget's end, never below zero."""
        return max(0.0, self.budget.wall_s - self.spend.wall_s)

    @property
    def exhausted(self) -> str | None:
        """Which budget of the search is used up, in words; None while all have something left."""
        if self.left_s <= FINISHING_SHARE * self.budget.wall_s:
            return f"the time budget of {self.budget.wall_s:g} s is used up"
        if self.spend.candidates >= self.budget.candidates:
            return f"the budget of {self.budget.candidates} candidates is used up"
        return None

    def charge_candidate(self) -> None:
        """One more candidate was judged."""
        self._candidates += 1

    def excuse(self, seconds: float) -> None:
        """Do not count this much waiting."""
        self._excused_s += seconds
