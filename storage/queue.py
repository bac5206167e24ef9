"""Jobs of the service: submitted, claimed by workers one round at a time, handed over, ended. The database decides.

A message of the broker only says "look at this job": it may be lost or come twice. Who works on a job is settled by
one UPDATE that only one claimer's row passes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, bindparam, case, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from agent.domain import Job, Spend
from agent.protocols import Blobs, JobStatus
from storage.database import Database
from storage.leases import Lease, LeaseLost, let_go, owned
from storage.limits import Limits, check_month_again, check_quotas
from storage.outbox import ENDS, Event, announce
from storage.retrying import patient, retried
from storage.rows import gain_of, plain_dict, spend_to_json
from storage.submission import Submission, key_row_of, row_of
from storage.tables import jobs, submissions
from storage.tallies import HANDED_OVER, LOST, Tally, count
from storage.turns import has_turn, next_in_turn, whose_turn
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


class SqlQueue:
    """The service's jobs as workers see them."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    @patient
    def submit(self, job: Job, submission: Submission) -> str:
        """Remember a new job as queued; its id, which is an earlier one's where the key was used for the same request.

        On disk when this returns: tell the broker afterwards. Raises UserError (422) for a key of another request,
        QuotaError where the tenant has as many as it may.
        """
        try:
            with self._database.writing() as connection:
                if known := self._submitted(connection, submission):
                    return known
                moment = self._database.moment(connection)
                check_quotas(connection, submission.tenant, submission.limits, job, moment)
                if submission.judged is not None:
                    submission = replace(submission, patch=self._blobs.put(submission.judged))
                connection.execute(insert(jobs).values(**row_of(job, submission, moment)))
                if submission.key is not None:
                    connection.execute(insert(submissions).values(**key_row_of(submission, job)))
                announce(connection, Event.QUEUED, [job.id])
        except IntegrityError:  # the same key at the same moment: the other one was first; or this is another try
            with self._database.reading() as connection:
                mine = select(jobs.c.id).where(jobs.c.id == job.id, jobs.c.tenant == submission.tenant)
                known = self._submitted(connection, submission) or connection.scalars(mine).first()
            if known is None:
                raise
            return known
        return job.id

    def claim(self, job_id: str, owner: str, lease_s: float = LEASE_S) -> Lease | None:
        """Take a job that waits and is due; None where somebody holds it, it has ended, or a person stopped it.

        None, too, for one that would be one more than its tenant may run at once: it waits, and others have their turn.
        """
        tried: set[datetime] = set()
        return retried(self._database, lambda _: self._claim(job_id, owner, lease_s, tried))

    def _claim(self, job_id: str, owner: str, lease_s: float, tried: set[datetime]) -> Lease | None:
        """`tried` are the ends of leases that earlier tries asked for: who else would hold exactly one of these?"""
        with self._database.writing() as connection:
            held = self._locked(connection, job_id) if tried else None
            if held and held["lease_owner"] == owner and held["lease_until"] in tried:
                return _lease(job_id, owner, held)
            moment = self._database.moment(connection)
            until = moment + timedelta(seconds=lease_s)
            tried.add(until)
            free = and_(jobs.c.id == job_id, jobs.c.status.in_(PENDING), jobs.c.lease_owner.is_(None))
            self._settle(connection, free)
            status = connection.scalars(select(jobs.c.status).where(jobs.c.id == job_id)).first()
            values = {
                "status": JobStatus.RUNNING.value,
                "lease_owner": owner,
                "lease_until": until,
                "fence": jobs.c.fence + 1,
                "due": None,
            }
            if not has_turn(connection, job_id):  # a sweep tells of it again, or the end of another one does
                connection.execute(update(jobs).where(free, jobs.c.due <= moment).values(due=moment))
                return None
            # Jobs of the command line are never due.
            claimed = update(jobs).where(free, jobs.c.due <= moment, jobs.c.wanted == "").values(values)
            taken = connection.execute(claimed.returning(*_CLAIMED)).mappings().first()
            if taken is not None and status == JobStatus.QUEUED.value:
                announce(connection, Event.STARTED, [job_id])
        return None if taken is None else _lease(job_id, owner, taken)

    @patient
    def whose_turn(self, job_id: str) -> str | None:
        """The job to work on where a message names this one, so that every tenant has its turn; None for none."""
        with self._database.reading() as connection:
            return whose_turn(connection, job_id, self._database.moment(connection))

    @patient
    def next_in_turn(self, job_id: str) -> str | None:
        """A job to tell the broker of when this one has ended: its tenant may run one more; None where none waits."""
        with self._database.reading() as connection:
            return next_in_turn(connection, job_id)

    @patient
    def asked(self, job_id: str) -> Submission:
        """What a job was submitted with, beside what it asks; raises UserError (404) where there is none."""
        query = select(jobs.c.tenant, jobs.c.kind, jobs.c.sealed, jobs.c.patch).where(jobs.c.id == job_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise UserError(f"there is no job {job_id!r}", status=404)
        return Submission(**row._mapping)

    @patient
    def heartbeat(self, lease: Lease, lease_s: float = LEASE_S, spend: Spend | None = None) -> str:
        """Hold the job longer; what a person wants of it meanwhile (`CANCEL`, `PAUSE` or nothing). Raises LeaseLost.

        `spend` is what the job has spent so far.
        """
        with self._database.writing() as connection:
            until = self._database.moment(connection) + timedelta(seconds=lease_s)
            values: dict[Any, Any] = {jobs.c.lease_until: until}
            if spend is not None:
                values[jobs.c.spend] = spend_to_json(spend)
            wanted: str = owned(connection, lease.job_id, lease, values, jobs.c.wanted).wanted
        return wanted

    @patient
    def wanted(self, lease: Lease) -> str:
        """What a person wants of a job that is held, without holding it longer. Raises LeaseLost."""
        mine = and_(jobs.c.id == lease.job_id, jobs.c.fence == lease.fence, jobs.c.lease_owner == lease.owner)
        with self._database.reading() as connection:
            wanted: str | None = connection.scalars(select(jobs.c.wanted).where(mine)).first()
        if wanted is None:
            raise LeaseLost(f"job {lease.job_id} is no longer this worker's")
        return wanted

    @patient
    def record_spend(self, lease: Lease, spend: Spend) -> None:
        """Remember what the job has spent so far, for whoever goes on with it; raises LeaseLost."""
        with self._database.writing() as connection:
            owned(connection, lease.job_id, lease, {jobs.c.spend: spend_to_json(spend)})

    def hand_over(
        self, lease: Lease, spend: Spend, *, unfinished: bool = False, failed: bool = False, delay_s: float = 0.0
    ) -> None:
        """Give the job back for its next round, as its next attempt where this one is `unfinished`; raises LeaseLost.

        A round that `failed` for want of something that may come back is counted. On disk when this returns: tell the
        broker afterwards, but for a job that waits for `delay_s`, which a sweep finds when that is over.
        """
        values: dict[str, Any] = {
            "spend": spend_to_json(spend),
            "attempt": jobs.c.attempt + (1 if unfinished else 0),
            "deaths": 0,
            "failures": jobs.c.failures + 1 if failed else 0,
        }
        retried(self._database, lambda again: self._give_back(lease, values, again, delay_s, unfinished=unfinished))

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
        values: dict[str, Any] = {"status": status.value, "detail": detail, "wanted": ""}
        if spend is not None:
            values["spend"] = spend_to_json(spend)
        if report is not None:
            plain = plain_dict(report)
            values |= {"report": self._blobs.put(json.dumps(plain).encode()), "gain": gain_of(plain)}
        if status is JobStatus.FINISHED:  # it is never begun again, so its own credentials have done their work
            values["sealed"] = None
        retried(self._database, lambda again: self._give_back(lease, values, again))

    def _give_back(
        self,
        lease: Lease,
        values: Mapping[str, Any],
        again: bool,
        delay_s: float | None = None,
        *,
        unfinished: bool = False,
    ) -> None:
        """Write a lease's last word: the job ends, or is due in `delay_s`."""
        with self._database.writing() as connection:
            if again and let_go(connection, lease):
                return  # an earlier try did it, and only the answer was lost
            moment = self._database.moment(connection)
            when = {"ended": moment} if delay_s is None else {"due": moment + timedelta(seconds=delay_s)}
            owned(connection, lease.job_id, lease, {"due": None, **values, **when, **_FREE})
            self._settle(connection, jobs.c.id == lease.job_id)
            if event := ENDS.get(values.get("status", "")):
                announce(connection, event, [lease.job_id])
            if unfinished:
                count(connection, Tally.ROUNDS, {HANDED_OVER: 1})

    @patient  # what was freed and not told of is told of as a lost message
    def sweep(self, limit: int = 1000, lost_s: float = LOST_S) -> Sequence[str]:
        """Free the jobs of workers that died, as their next attempt; ids of all that the broker is to be told of.

        Behind them come at most `limit` jobs that wait longer than `lost_s`: their message may be lost. A job whose
        workers die again and again has failed.
        """
        with self._database.writing() as connection:
            moment = self._database.moment(connection)
            freed = self._free(connection, moment)
            waiting = and_(
                jobs.c.status.in_(PENDING),
                jobs.c.lease_owner.is_(None),
                jobs.c.due < moment - timedelta(seconds=lost_s),
            )
            some = select(jobs.c.id).where(waiting).order_by(jobs.c.due).limit(limit).with_for_update(skip_locked=True)
            longest = connection.scalars(some).all()  # no more are looked at, however many wait
            those = jobs.c.id.in_(longest)
            self._settle(connection, those)
            again = update(jobs).where(those, jobs.c.status.in_(PENDING)).values(due=moment)
            told = set(connection.scalars(again.returning(jobs.c.id)))
            count(connection, Tally.SWEEPS, {"": 1})
            return [*freed, *(job_id for job_id in longest if job_id in told)]

    def _free(self, connection: Connection, moment: datetime) -> Sequence[str]:
        """Take the jobs of workers whose lease is over; those that others may go on with."""
        dead = and_(jobs.c.status == JobStatus.RUNNING.value, jobs.c.lease_until < moment)
        last = jobs.c.deaths + 1 >= MOST_DEATHS
        freed = {
            "deaths": jobs.c.deaths + 1,
            "attempt": jobs.c.attempt + 1,
            "fence": jobs.c.fence + 1,
            "status": case((last, JobStatus.FAILED.value), else_=JobStatus.RUNNING.value),
            "ended": case((last, moment), else_=None),
            "due": case((last, None), else_=moment),
            "detail": case((last, _DIED), else_=jobs.c.detail),
            **_FREE,
        }
        those = connection.scalars(select(jobs.c.id).where(dead).with_for_update(skip_locked=True)).all()
        gone = update(jobs).where(jobs.c.id.in_(those)).values(freed)
        taken = connection.execute(gone.returning(jobs.c.id, jobs.c.status)).all()
        free = [row.id for row in taken if row.status == JobStatus.RUNNING.value]
        self._settle(connection, jobs.c.id.in_(free))
        announce(connection, Event.FAILED, [row.id for row in taken if row.status == JobStatus.FAILED.value])
        count(connection, Tally.LEASES_LOST, {"": len(taken)})
        count(connection, Tally.ROUNDS, {LOST: len(taken)})
        return free

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

    def go_on(self, job_id: str, tenant: str, *, retry: bool = False, limits: Limits | None = None) -> None:
        """Queue a paused job again, or with `retry` one that failed or was cancelled, as its next attempt.

        On disk when this returns: tell the broker afterwards. Raises UserError: 404 for another tenant's job, 409;
        QuotaError where its dollars are beyond the `limits` of the month.
        """
        mine = and_(jobs.c.id == job_id, jobs.c.tenant == tenant)
        ended = (JobStatus.FAILED.value, JobStatus.CANCELLED.value)
        there = or_(jobs.c.status == JobStatus.PAUSED.value, and_(jobs.c.status.in_(PENDING), jobs.c.wanted == PAUSE))
        with self._database.writing() as connection:
            status = case((jobs.c.lease_owner.is_(None), JobStatus.QUEUED.value), else_=jobs.c.status)
            moment = self._database.moment(connection)
            values: dict[str, Any] = {"status": status, "wanted": "", "due": moment}
            if retry:
                values |= {"attempt": jobs.c.attempt + 1, "deaths": 0, "failures": 0, "detail": "", "ended": None}
                values |= {"retried": moment}
            # A thin one would ask, and pay, anew; what an imported one asks for was never looked at here.
            again = and_(jobs.c.status.in_(ended), jobs.c.kept == "whole", jobs.c.imported.is_(None))
            query = update(jobs).where(mine, again if retry else there).values(values)
            if connection.execute(query).rowcount == 0:
                raise _not_so(connection, mine, job_id, "retry" if retry else "resume")
            if retry:
                check_month_again(connection, tenant, limits or Limits(), moment)
                announce(connection, Event.QUEUED, [job_id])

    def _locked(self, connection: Connection, job_id: str) -> RowMapping | None:
        query = select(jobs.c.lease_owner, jobs.c.lease_until, *_CLAIMED).where(jobs.c.id == job_id)
        return connection.execute(query.with_for_update()).mappings().first()

    def _settle(self, connection: Connection, which: ColumnElement[bool]) -> None:
        """Do what a person wanted of jobs that nobody holds."""
        for wanted, status in ((CANCEL, JobStatus.CANCELLED), (PAUSE, JobStatus.PAUSED)):
            values: dict[str, Any] = {"status": status.value, "wanted": "", "due": None}
            if wanted == CANCEL:
                values["ended"] = self._database.moment(connection)
            free = and_(which, jobs.c.wanted == wanted, jobs.c.lease_owner.is_(None))
            done = connection.scalars(update(jobs).where(free).values(values).returning(jobs.c.id)).all()
            if wanted == CANCEL:
                announce(connection, Event.CANCELLED, done)

    def _submitted(self, connection: Connection, submission: Submission) -> str | None:
        if submission.key is None:
            return None
        known = connection.execute(_SUBMITTED, {"of": submission.tenant, "under": submission.key}).first()
        if known is None:
            return None
        if known.digest != submission.digest:
            raise UserError(
                f"the Idempotency-Key {submission.key!r} was used for another request; use a new key for a new job",
                status=422,
            )
        found: str = known.job_id
        return found


_SUBMITTED = select(submissions).where(submissions.c.tenant == bindparam("of"), submissions.c.key == bindparam("under"))
_CLAIMED = (jobs.c.fence, jobs.c.attempt, jobs.c.deaths, jobs.c.failures)
_FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}
_DIED = f"{MOST_DEATHS} workers in a row died while they worked on it; `:retry` begins it again"


def _lease(job_id: str, owner: str, row: RowMapping) -> Lease:
    return Lease(job_id=job_id, owner=owner, **{column.name: row[column] for column in _CLAIMED})


def _not_so(connection: Connection, mine: ColumnElement[bool], job_id: str, wanted: str) -> UserError:
    row = connection.execute(select(jobs.c.status, jobs.c.kept, jobs.c.imported).where(mine)).first()
    if row is None:
        return UserError(f"there is no job {job_id!r}", status=404)
    if wanted == "retry" and row.imported:
        return UserError(f"job {job_id} was imported, and is not begun again here; submit it anew", status=409)
    if wanted == "retry" and row.kept != "whole":
        return UserError(f"job {job_id} is no longer whole, as old jobs are thinned here; submit it anew", status=409)
    return UserError(f"job {job_id} is {row.status}: it cannot be asked to {wanted}", status=409)
