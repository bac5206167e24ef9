"""What a round of a worker says while it goes on: to the log, and to the database what it has spent."""

import logging
from collections.abc import Callable

from agent.domain import Candidate, Spend, Verdict

_log = logging.getLogger(__name__)


class WorkerProgress:
    """Implements `agent.protocols.Progress`; each word of it is a place where a round may be stopped."""

    def __init__(self, job_id: str, check: Callable[[], None], on_spend: Callable[[Spend], None]) -> None:
        """`check` raises where the round is to stop; `on_spend` is told what the job has spent whenever this is."""
        self._extra = {"job": job_id}
        self._check = check
        self._on_spend = on_spend

    def phase(self, name: str, detail: str = "") -> None:
        """A new phase of the job began."""
        self._check()
        _log.debug("%s %s", name, detail, extra=self._extra)

    def note(self, text: str) -> None:
        """One line worth reading now."""
        self._check()
        _log.info("%s", text, extra=self._extra)

    def candidate(self, candidate: Candidate, activity: str) -> None:
        """What is being done with a candidate now."""
        self._check()
        _log.debug("candidate %d: %s", candidate.number, activity, extra=self._extra)

    def verdict(self, candidate: Candidate, verdict: Verdict) -> None:
        """A candidate was judged."""
        _log.info("candidate %d: %s", candidate.number, verdict.outcome, extra=self._extra)

    def spent(self, spend: Spend) -> None:
        """What the job has spent so far."""
        self._check()
        self._on_spend(spend)
