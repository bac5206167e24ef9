"""Jobs of the service: submitted, claimed by workers one round at a time, handed over, ended. The database decides.

A message of the broker only says "look at this job": it may be lost or come twice. Who works on a job is settled by
one UPDATE that only one claimer's row passes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from agent.domain import Job, Spend
from agent.protocols import Blobs, JobStatus
from storage.database import Database
from storage.leases import Lease, owned
from storage.rows import job_to_json, plain_dict, spend_to_json
from storage.tables import jobs, submissions
from tools.errors import UserError

LEASE_S = 60.0
"""How long a claim lasts without a heartbeat; a worker beats four times in it."""
MOST_DEATHS = 3
"""So many workers in a row may die while they hold a job; then it has failed."""
LOST_S = 30.0
"""A job that waits this long after it was sent to the broker is sent again."""

PENDING = (JobStatus.QUEUED.value, JobStatus.RUNNING.value)
CANCEL, PAUSE = "cancel", "pause"
"""What a person may want of a job that runs; a worker sees it at its next step or heartbeat."""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What is kept of a job beside what it asks."""

    tenant: str
    kind: str = "optimize"
    """`optimize` or `judgement`."""
    sealed: bytes | None = None
    """The job's credentials, encrypted."""
    patch: str | None = None
    """Digest of the patch to judge."""
    key: str | None = None
    """The caller's Idempotency-Key."""
    digest: str = ""
    """SHA-256 of the request, for telling whether a key is used for another one."""


class SqlQueue:
    """The service's jobs as workers see them."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    def submit(self, job: Job, submission: Submission) -> str:
        """Remember a new job as queued; its id, which is an earlier one's where the key was used for the same request.

        On disk when this returns: tell the broker afterwards. Raises UserError (422) for a key of another request.
        """
        try:
            with self._database.writing() as connection:
                if known := self._submitted(connection, submission):
                    return known
                connection.execute(insert(jobs).values(**self._row(connection, job, submission)))
                if submission.key is not None:
                    connection.execute(insert(submissions).values(**_key(submission, job)))
        except IntegrityError:  # the same key at the same moment: the other one was first
            with self._database.reading() as connection:
                known = self._submitted(connection, submission)
            if known is None:
                raise
            return known
        return job.id

    def claim(self, job_id: str, owner: str, lease_s: float = LEASE_S) -> Lease | None:
        """Take a job that waits; None where somebody holds it, where it has ended, or where a person stopped it."""
        with self._database.writing() as connection:
            moment = self._database.moment(connection)
            free = and_(jobs.c.id == job_id, jobs.c.status.in_(PENDING), jobs.c.lease_owner.is_(None))
            self._settle(connection, free)
            values = {
                "status": JobStatus.RUNNING.value,
                "lease_owner": owner,
                "lease_until": moment + timedelta(seconds=lease_s),
                "fence": jobs.c.fence + 1,
                "due": None,
            }
            claimed = update(jobs).where(free, jobs.c.wanted == "").values(values)
            row = connection.execute(claimed.returning(jobs.c.fence, jobs.c.attempt, jobs.c.deaths)).first()
        if row is None:
            return None
        return Lease(job_id=job_id, owner=owner, fence=row.fence, attempt=row.attempt, deaths=row.deaths)

    def heartbeat(self, lease: Lease, lease_s: float = LEASE_S) -> str:
        """Hold the job longer; what a person wants of it meanwhile (`CANCEL`, `PAUSE` or nothing). Raises LeaseLost."""
        with self._database.writing() as connection:
            until = self._database.moment(connection) + timedelta(seconds=lease_s)
            wanted: str = owned(connection, lease.job_id, lease, {jobs.c.lease_until: until}, jobs.c.wanted).wanted
        return wanted

    def hand_over(self, lease: Lease, spend: Spend, *, unfinished: bool = False, delay_s: float = 0.0) -> None:
        """Give the job back for its next round, as its next attempt where this one is `unfinished`; raises LeaseLost.

        On disk when this returns: tell the broker afterwards.
        """
        with self._database.writing() as connection:
            due = self._database.moment(connection) + timedelta(seconds=delay_s)
            attempt = jobs.c.attempt + (1 if unfinished else 0)
            values = {"due": due, "spend": spend_to_json(spend), "attempt": attempt, "deaths": 0, **_FREE}
            owned(connection, lease.job_id, lease, values)
            self._settle(connection, jobs.c.id == lease.job_id)

    def end(
        self,
        lease: Lease,
        status: JobStatus,
        *,
        spend: Spend | None = None,
        detail: str = "",
        report: Mapping[str, object] | None = None,
    ) -> None:
        """End the job: it is claimed no more. Raises LeaseLost."""
        values: dict[str, Any] = {"status": status.value, "detail": detail, "wanted": "", "due": None, **_FREE}
        if spend is not None:
            values["spend"] = spend_to_json(spend)
        if report is not None:
            values["report"] = self._blobs.put(json.dumps(plain_dict(report)).encode())
        if status is JobStatus.FINISHED:  # it is never begun again, so its own credentials have done their work
            values["sealed"] = None
        with self._database.writing() as connection:
            values["ended"] = self._database.moment(connection)
            owned(connection, lease.job_id, lease, values)

    def sweep(self, limit: int = 1000) -> Sequence[str]:
        """Free the jobs of workers that died, as their next attempt; ids of all that the broker is to be told of.

        Among them are jobs whose message was lost. A job whose workers die again and again has failed.
        """
        with self._database.writing() as connection:
            moment = self._database.moment(connection)
            dead = and_(jobs.c.status == JobStatus.RUNNING.value, jobs.c.lease_until < moment)
            last = jobs.c.deaths + 1 >= MOST_DEATHS
            freed = {
                "deaths": jobs.c.deaths + 1,
                "attempt": jobs.c.attempt + 1,
                "fence": jobs.c.fence + 1,
                "status": case((last, JobStatus.FAILED.value), else_=JobStatus.RUNNING.value),
                "ended": case((last, moment), else_=None),
                "due": case((last, None), else_=moment - timedelta(seconds=2 * LOST_S)),
                "detail": case((last, _DIED), else_=jobs.c.detail),
                **_FREE,
            }
            connection.execute(update(jobs).where(dead).values(freed))
            waiting = and_(
                jobs.c.status.in_(PENDING),
                jobs.c.lease_owner.is_(None),
                jobs.c.due < moment - timedelta(seconds=LOST_S),
            )
            self._settle(connection, waiting)
            some = select(jobs.c.id).where(waiting).order_by(jobs.c.due).limit(limit).with_for_update(skip_locked=True)
            query = update(jobs).where(jobs.c.id.in_(some)).values(due=moment).returning(jobs.c.id)
            return list(connection.scalars(query))

    def want(self, job_id: str, tenant: str, wanted: str) -> None:
        """Ask for a job to be cancelled or paused: at once where nobody holds it, else at its worker's next step.

        Raises UserError: 404 for another tenant's job, 409 where it has ended.
        """
        mine = and_(jobs.c.id == job_id, jobs.c.tenant == tenant)
        alive = jobs.c.status.in_((*PENDING, JobStatus.PAUSED.value))
        with self._database.writing() as connection:
            if connection.execute(update(jobs).where(mine, alive).values(wanted=wanted)).rowcount == 0:
                raise _not_so(connection, mine, job_id, wanted)
            self._settle(connection, and_(mine, jobs.c.lease_owner.is_(None)))

    def go_on(self, job_id: str, tenant: str, *, retry: bool = False) -> None:
        """Queue a paused job again, or with `retry` one that failed or was cancelled, as its next attempt.

        On disk when this returns: tell the broker afterwards. Raises UserError: 404 for another tenant's job, 409.
        """
        mine = and_(jobs.c.id == job_id, jobs.c.tenant == tenant)
        ended = (JobStatus.FAILED.value, JobStatus.CANCELLED.value)
        there = or_(jobs.c.status == JobStatus.PAUSED.value, and_(jobs.c.status.in_(PENDING), jobs.c.wanted == PAUSE))
        with self._database.writing() as connection:
            status = case((jobs.c.lease_owner.is_(None), JobStatus.QUEUED.value), else_=jobs.c.status)
            values: dict[str, Any] = {"status": status, "wanted": "", "due": self._database.moment(connection)}
            if retry:
                values |= {"attempt": jobs.c.attempt + 1, "deaths": 0, "detail": "", "ended": None}
            query = update(jobs).where(mine, jobs.c.status.in_(ended) if retry else there).values(values)
            if connection.execute(query).rowcount == 0:
                raise _not_so(connection, mine, job_id, "retry" if retry else "resume")

    def _row(self, connection: Connection, job: Job, submission: Submission) -> dict[str, Any]:
        return {
            "id": job.id,
            "created": job.created,
            "request": job_to_json(job),
            "status": JobStatus.QUEUED.value,
            "spend": spend_to_json(Spend()),
            "tenant": submission.tenant,
            "kind": submission.kind,
            "sealed": submission.sealed,
            "patch": submission.patch,
            "due": self._database.moment(connection),
        }

    def _settle(self, connection: Connection, which: ColumnElement[bool]) -> None:
        """Do what a person wanted of jobs that nobody holds."""
        for wanted, status in ((CANCEL, JobStatus.CANCELLED), (PAUSE, JobStatus.PAUSED)):
            values: dict[str, Any] = {"status": status.value, "wanted": "", "due": None}
            if wanted == CANCEL:
                values["ended"] = self._database.moment(connection)
            free = and_(which, jobs.c.wanted == wanted, jobs.c.lease_owner.is_(None))
            connection.execute(update(jobs).where(free).values(values))

    def _submitted(self, connection: Connection, submission: Submission) -> str | None:
        if submission.key is None:
            return None
        mine = and_(submissions.c.tenant == submission.tenant, submissions.c.key == submission.key)
        known = connection.execute(select(submissions).where(mine)).first()
        if known is None:
            return None
        if known.digest != submission.digest:
            raise UserError(
                f"the Idempotency-Key {submission.key!r} was used for another request; use a new key for a new job",
                status=422,
            )
        found: str = known.job_id
        return found


_FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}
_DIED = f"{MOST_DEATHS} workers in a row died while they worked on it; `:retry` begins it again"


def _key(submission: Submission, job: Job) -> dict[str, Any]:
    return {
        "tenant": submission.tenant,
        "key": submission.key,
        "digest": submission.digest,
        "job_id": job.id,
        "at": job.created,
    }


def _not_so(connection: Connection, mine: ColumnElement[bool], job_id: str, wanted: str) -> UserError:
    status = connection.scalars(select(jobs.c.status).where(mine)).first()
    if status is None:
        return UserError(f"there is no job {job_id!r}", status=404)
    return UserError(f"job {job_id} is {status}: it cannot be asked to {wanted}", status=409)
