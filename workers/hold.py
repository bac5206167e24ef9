"""One hold on one job: a round under a lease, and whatever it comes to."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from celery.exceptions import SoftTimeLimitExceeded

from agent.domain import Job, Spend, StepKind
from agent.kit import Kit
from agent.protocols import JobStatus
from storage.leases import Lease, LeaseLost
from storage.submission import Submission
from tools.errors import InfrastructureError, UserError
from workers.broker import ONGOING
from workers.doors import doors_of, through
from workers.following import WorkerProgress
from workers.heart import Heart
from workers.interrupts import RoundStopped, Why
from workers.models import make_chat
from workers.observing import How
from workers.pace import MOST_FAILURES, MOST_ROUND_S
from workers.redaction import redactor_of
from workers.reporting import Reported
from workers.wiring import make_kit

if TYPE_CHECKING:
    from workers.rounds import Rounds

JUDGEMENT = "judgement"
FULL = (errno.ENOSPC, errno.EDQUOT)
STUBBORN_S = 1.0
"""Between two tries to write down how a round ended."""
_log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Hold:
    """One lease of one job, from the moment it was taken."""

    rounds: Rounds
    lease: Lease
    job: Job
    asked: Submission

    def __post_init__(self) -> None:
        self._kit: Kit | None = None
        self._redactor = redactor_of(self.rounds.settings)
        self._extra = {"job": self.job.id}

    def work(self) -> None:
        """One round, with a beating heart, and what comes of it."""
        rounds = self.rounds
        rounds.observer.began(self.job, self.lease)
        began_s, how = time.monotonic(), How.LOST
        heart = Heart(
            rounds.store.queue, self.lease, rounds.pace, rounds.interrupts, rounds.stopping, self._spend_if_known
        )
        try:
            with heart:
                how = self._settle()
        except LeaseLost:
            _log.warning("the lease was lost: nothing more is written", extra=self._extra)
            rounds.forget(self.job.id)
        finally:
            rounds.observer.ended(self.job, self.lease, how, time.monotonic() - began_s)

    def _settle(self) -> How:
        """Work, and write down how it ended; raises LeaseLost."""
        try:
            with self.rounds.interrupts.armed():
                reported = self._round()
        except RoundStopped as stopped:
            return self._stopped(stopped.why)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it costs one job and not the worker
            why = self.rounds.interrupts.why
            return self._came_of(error) if why is None else self._stopped(why)  # it came of the unwinding
        if reported is None:
            return self._handed_over()
        try:
            return self._finished(reported)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - a report that cannot be kept
            return self._broken(error)

    def _came_of(self, error: Exception) -> How:
        """By who reacts to it: the person who asked, the queue, or us."""
        match error:
            case UserError():
                return self._failed(str(error))
            case InfrastructureError(retryable=retryable):
                return self._missing(str(error), retryable=retryable)
            case OSError() if error.errno in FULL:
                return self._missing("the disk of the worker is full", retryable=True)
            case SoftTimeLimitExceeded():
                return self._failed(f"a round took longer than {MOST_ROUND_S / 3600:g} hours")
            case _:
                return self._broken(error)

    def _round(self) -> Reported | None:
        """One round; what to report where it was the last one."""
        rounds = self.rounds
        if self.lease.fence == 1:
            journal = rounds.store.jobs.journal(self.job.id, self.lease)
            journal.append(StepKind.JOB, "a worker takes the job")
        kit = self._wired()
        if self.asked.kind == JUDGEMENT:
            patch = kit.blobs.get(self.asked.patch or "").decode()
            return rounds.reporting.of_judgement(rounds.stages.judge(self.job, patch, kit), kit.blobs)
        prepared = rounds.prepared(self.job, kit)
        if rounds.stages.advance(self.job, prepared, kit):
            return None
        return rounds.reporting.of_job(rounds.stages.finish(self.job, prepared, kit), kit.blobs)

    def _wired(self) -> Kit:
        rounds, queue = self.rounds, self.rounds.store.queue
        progress = WorkerProgress(
            self.job.id, rounds.interrupts.check, lambda spend: queue.record_spend(self.lease, spend)
        )
        sandbox = rounds.sandbox(self.job.sandbox)
        secrets = rounds.store.credentials.of_job(self.job.id)
        doors = doors_of(rounds.settings, self.job, self.asked.tenant, secrets)
        self._redactor = doors.redactor
        kit = make_kit(rounds.settings, self.job, progress, rounds.store, sandbox, resume=True, lease=self.lease)
        kit = through(doors, kit)
        if self.job.models:
            chat = make_chat(
                rounds.settings, self.job.models, journal=kit.journal, tell=progress.note, access=doors.access
            )
            kit = replace(kit, chat=chat)
        self._kit = kit
        return rounds.observer.tools(kit)

    def _spend_if_known(self) -> Spend | None:
        return None if self._kit is None else self._kit.ledger.spend

    @property
    def _spend(self) -> Spend:
        return self._spend_if_known() or self.rounds.store.jobs.state(self.job.id).spend

    def _handed_over(self) -> How:
        self._written(lambda: self.rounds.store.queue.hand_over(self.lease, self._spend))
        self.rounds.teller.tell(self.job.id, self.rounds.next_queue)
        return How.ROUND

    def _stopped(self, why: Why) -> How:
        """The round was stopped: it begins again elsewhere, unless the job is no longer wanted."""
        if why is Why.LOST:
            raise LeaseLost(f"job {self.job.id} is no longer this worker's")
        self._written(lambda: self.rounds.store.queue.hand_over(self.lease, self._spend, unfinished=True))
        if why is Why.CANCELLED:
            self._make_room()
            self.rounds.forget(self.job.id)
            return How.CANCELLED
        self.rounds.teller.tell(self.job.id, ONGOING)
        return How.STOPPED

    def _finished(self, reported: Reported) -> How:
        hide = self._redactor
        self._end(JobStatus.FINISHED, hide.known(reported.detail), hide.known_value(reported.report))
        return How.FINISHED

    def _failed(self, sentence: str) -> How:
        sentence = self._redactor.text(sentence)
        _log.info("the job failed: %s", sentence, extra=self._extra)
        self._end(JobStatus.FAILED, sentence)
        return How.FAILED

    def _broken(self, error: Exception) -> How:
        _log.error("a mistake of Hasten's own", exc_info=error, extra=self._extra)
        return self._failed(f"a mistake of Hasten's own ({type(error).__name__}); the worker's log has the traceback")

    def _missing(self, sentence: str, *, retryable: bool) -> How:
        """Something of the host's or the network's is missing: later it may be there."""
        sentence = self._redactor.text(sentence)
        if not retryable or self.lease.failures + 1 >= MOST_FAILURES:
            return self._failed(sentence)
        delay_s = self.rounds.pace.retry_s * 2**self.lease.failures
        _log.warning("tried again in %.0f s: %s", delay_s, sentence, extra=self._extra)
        queue = self.rounds.store.queue
        self._written(lambda: queue.hand_over(self.lease, self._spend, unfinished=True, failed=True, delay_s=delay_s))
        return How.RETRIED

    def _end(self, status: JobStatus, detail: str, report: Mapping[str, object] | None = None) -> None:
        queue = self.rounds.store.queue
        self._written(lambda: queue.end(self.lease, status, spend=self._spend, detail=detail, report=report))
        self._make_room()
        self.rounds.forget(self.job.id)

    def _make_room(self) -> None:
        """Its tenant may run as many as it did, and now runs one fewer."""
        if waiting := self.rounds.store.queue.next_in_turn(self.job.id):
            self.rounds.teller.tell(waiting)

    def _written(self, write: Callable[[], None]) -> None:
        """Write, and try again while the database or the disk is away and the lease lasts; raises LeaseLost."""
        last_s = time.monotonic() + self.rounds.pace.lease_s
        while True:
            try:
                return write()
            except InfrastructureError as error:
                if time.monotonic() > last_s:
                    raise LeaseLost(f"it cannot be written down how a round ended: {error}") from error
                _log.warning("tried again: %s", error, extra=self._extra)
                time.sleep(STUBBORN_S)
