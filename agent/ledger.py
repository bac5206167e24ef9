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
        self._calls = 0
        self._tokens = 0
        self._usd = 0.0
        self._unpriced_tokens = 0

    @property
    def spend(self) -> Spend:
        """What was spent so far, earlier runs included."""
        here_s = self._clock() - self._started_s - self._excused_s
        return replace(
            self._before,
            wall_s=self._before.wall_s + here_s,
            candidates=self._before.candidates + self._candidates,
            model_calls=self._before.model_calls + self._calls,
            tokens=self._before.tokens + self._tokens,
            usd=self._before.usd + self._usd,
            unpriced_tokens=self._before.unpriced_tokens + self._unpriced_tokens,
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

    @property
    def models_exhausted(self) -> str | None:
        """Which budget that models draw on is used up, in words; None while all have something left."""
        spend, budget = self.spend, self.budget
        if spend.model_calls >= budget.model_calls:
            return f"the budget of {budget.model_calls} model calls is used up"
        if spend.tokens >= budget.tokens:
            return f"the budget of {budget.tokens:,} tokens is used up"
        if spend.usd >= budget.usd:
            return f"the budget of {budget.usd:g} dollars is used up"
        return self.exhausted

    def charge_call(self, tokens: int, usd: float | None) -> None:
        """A model was asked, whatever became of its reply; `usd` is None where its price is not known."""
        self._calls += 1
        self._tokens += tokens
        self._usd += usd or 0.0
        self._unpriced_tokens += tokens if usd is None else 0

    def charge_candidate(self) -> None:
        """One more candidate was judged."""
        self._candidates += 1

    def excuse(self, seconds: float) -> None:
        """Do not count this much waiting."""
        self._excused_s += seconds
