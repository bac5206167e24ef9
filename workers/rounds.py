"""What a worker does with a message: it takes the job, goes one round further, and gives it back or ends it.

One round is one task. Whatever happens to the process, the job's state is what the database says.
"""

import errno
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from celery.exceptions import SoftTimeLimitExceeded

from agent.domain import Job, Spend, StepKind
from agent.kit import Kit
from agent.protocols import Blobs, JobStatus
from agent.result import JobResult, JudgeResult
from storage.leases import Lease, LeaseLost
from storage.queue import Submission
from storage.store import Store
from tools.errors import InfrastructureError, UserError
from tools.sandbox.contract import Sandbox
from tools.sandbox.select import open_sandbox
from workers.broker import ONGOING, Teller, here
from workers.following import WorkerProgress
from workers.heart import Heart
from workers.interrupts import Interrupts, RoundStopped, Why
from workers.models import make_chat
from workers.observing import How, Observer
from workers.pace import MOST_FAILURES, MOST_ROUND_S, Pace
from workers.settings import Settings
from workers.stages import Prepared, Stages
from workers.wiring import make_kit

JUDGEMENT = "judgement"
MOST_PREPARED = 4
"""Jobs that a process keeps prepared, for their next rounds."""
FULL = (errno.ENOSPC, errno.EDQUOT)
STUBBORN_S = 1.0
"""Between two tries to write down how a round ended."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Reported:
    """How a job ended, for people."""

    detail: str
    """A few words."""
    report: Mapping[str, object]


class Reporting(Protocol):
    """Makes reports; given by the room that shows them."""

    def of_job(self, result: JobResult, blobs: Blobs) -> Reported:
        """The report of a job that ran to its end."""

    def of_judgement(self, result: JudgeResult, blobs: Blobs) -> Reported:
        """The judgement of one patch."""


@dataclass(kw_only=True)
class Rounds:
    """One worker process: one job at a time, one round at a time."""

    settings: Settings
    store: Store
    teller: Teller
    owner: str
    """What its leases say."""
    reporting: Reporting
    stages: Stages
    observer: Observer
    pace: Pace
    stopping: threading.Event
    """Set when the worker is asked to end."""
    interrupts: Interrupts

    def __post_init__(self) -> None:
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._sandboxes: dict[str, Sandbox] = {}
        self.next_queue = here(self.settings)
        """Where a job that this process may go on with is told."""

    def work(self, job_id: str) -> None:
        """Go one round further with a job, if it waits for that.

        Whatever concerns the job is written down with it; InfrastructureError is raised while the database is away.
        """
        if self.stopping.is_set():
            self.teller.tell(job_id, ONGOING)
            return
        try:
            job, asked = self.store.jobs.get(job_id), self.store.queue.asked(job_id)
        except UserError as error:  # it was removed meanwhile
            _log.info("%s", error, extra={"job": job_id})
            return
        lease = self.store.queue.claim(job_id, self.owner, self.pace.lease_s)
        if lease is not None:
            Hold(rounds=self, lease=lease, job=job, asked=asked).work()

    def prepared(self, job: Job, kit: Kit) -> Prepared:
        """The job's unchanged code, as this process has it or comes to have it."""
        known = self._prepared.pop(job.id, None)
        if known is None or not known.stands:
            known = self.stages.prepare(job, kit)
        self._prepared[job.id] = known
        while len(self._prepared) > MOST_PREPARED:
            self._prepared.popitem(last=False)
        return known

    def forget(self, job_id: str) -> None:
        """A job that ended needs nothing any more."""
        self._prepared.pop(job_id, None)

    def sandbox(self, name: str) -> Sandbox:
        """A sandbox, opened once; raises InfrastructureError where this host cannot have it: another one may."""
        if name not in self._sandboxes:
            try:
                self._sandboxes[name] = open_sandbox(name, docker_socket=self.settings.docker_socket)
            except UserError as error:
                raise InfrastructureError(str(error), retryable=True) from error
        return self._sandboxes[name]

    @property
    def sandboxes(self) -> tuple[Sandbox, ...]:
        """Those that were opened."""
        return tuple(self._sandboxes.values())


@dataclass(kw_only=True)
class Hold:
    """One lease of one job, from the moment it was taken."""

    rounds: Rounds
    lease: Lease
    job: Job
    asked: Submission

    def __post_init__(self) -> None:
        self._kit: Kit | None = None
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
        except UserError as error:
            return self._failed(str(error))
        except InfrastructureError as error:
            return self._missing(str(error), retryable=error.retryable)
        except OSError as error:
            if error.errno in FULL:
                return self._missing("the disk of the worker is full", retryable=True)
            return self._broken(error)
        except SoftTimeLimitExceeded:
            return self._failed(f"a round took longer than {MOST_ROUND_S / 3600:g} hours")
        except Exception as error:  # noqa: BLE001 - a mistake of ours costs one job and not the worker
            return self._broken(error)
        return self._handed_over() if reported is None else self._finished(reported)

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
        kit = make_kit(rounds.settings, self.job, progress, rounds.store, sandbox, resume=True, lease=self.lease)
        if self.job.models:
            chat = make_chat(rounds.settings, self.job.models, journal=kit.journal, tell=progress.note)
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
            self.rounds.forget(self.job.id)
            return How.CANCELLED
        self.rounds.teller.tell(self.job.id, ONGOING)
        return How.STOPPED

    def _finished(self, reported: Reported) -> How:
        self._end(JobStatus.FINISHED, reported.detail, reported.report)
        return How.FINISHED

    def _failed(self, sentence: str) -> How:
        _log.info("the job failed: %s", sentence, extra=self._extra)
        self._end(JobStatus.FAILED, sentence)
        return How.FAILED

    def _broken(self, error: Exception) -> How:
        _log.error("a mistake of Hasten's own", exc_info=error, extra=self._extra)
        return self._failed(f"a mistake of Hasten's own ({type(error).__name__}); the worker's log has the traceback")

    def _missing(self, sentence: str, *, retryable: bool) -> How:
        """Something of the host's or the network's is missing: later it may be there."""
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
        self.rounds.forget(self.job.id)

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
