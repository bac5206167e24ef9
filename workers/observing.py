"""Where rounds are seen from outside: the log, and whoever stands in for it to count and to trace."""

import logging
from enum import StrEnum

from agent.domain import Job
from agent.kit import Kit
from storage.leases import Lease

_log = logging.getLogger(__name__)


class How(StrEnum):
    """How a worker's hold on a job ended."""

    ROUND = "round"
    """A round came to its end, and there may be another one."""
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    """The worker ends; another one begins the round again."""
    RETRIED = "retried"
    """Something was missing that may come back."""
    LOST = "lost"
    """The lease was lost: nothing is written."""


class Observer:
    """Is told of every hold on a job, in the process that has it; this one writes to the log."""

    def began(self, job: Job, lease: Lease) -> None:
        """A worker took the job."""
        _log.info("attempt %d of a round begins", lease.attempt, extra={"job": job.id})

    def tools(self, kit: Kit) -> Kit:
        """The tools that the round works with, for whoever wants to look over their shoulder."""
        return kit

    def ended(self, job: Job, lease: Lease, how: How, seconds: float) -> None:
        """It gave the job back, ended it or lost it, after so many seconds."""
        del lease
        _log.info("a round ended after %.1f s: %s", seconds, how, extra={"job": job.id})

    def closed(self) -> None:
        """The process ends."""
