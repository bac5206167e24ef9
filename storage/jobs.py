"""Every job of a home, in the database."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update

from agent.domain import Job, Spend
from agent.protocols import Archive, Blobs, JobState, JobStatus, Journal
from storage.claims import Claim
from storage.database import Database
from storage.leases import Lease
from storage.retrying import patient
from storage.rows import (
    gain_of,
    job_from_json,
    job_to_json,
    now,
    plain_dict,
    source_digest,
    spend_from_json,
    spend_to_json,
)
from storage.tables import jobs
from storage.trajectory import SqlArchive, SqlJournal
from tools.errors import UserError

LOCAL = "local"
"""The tenant of jobs of the command line."""
OPTIMIZE, JUDGEMENT = "optimize", "judgement"
KINDS = {"judge": JUDGEMENT, "profile": "profile", "workload": "workload"}
"""The kinds of jobs that search for nothing, by what stands as their strategy."""
ID = re.compile(r"[0-9A-Za-z-]{1,32}")


class SqlJobs:
    """Every job of a home; `claims` is the folder of the lock files that say which are running."""

    def __init__(self, database: Database, blobs: Blobs, claims: Path) -> None:
        self._database = database
        self._blobs = blobs
        self._folder = claims
        self._claims: dict[str, Claim] = {}

    def create(self, job: Job) -> None:
        """Remember a new job, claimed by this process; on disk when this returns."""
        if not ID.fullmatch(job.id):
            raise ValueError(f"not a job's id: {job.id!r}")
        self._claim(job.id)
        with self._database.writing() as connection:
            connection.execute(
                insert(jobs).values(
                    id=job.id,
                    created=job.created,
                    request=job_to_json(job),
                    status=JobStatus.RUNNING.value,
                    spend=spend_to_json(Spend()),
                    kind=KINDS.get(job.strategy, OPTIMIZE),
                    source_digest=source_digest(job.source),
                )
            )

    def resume(self, job_id: str) -> Job:
        """Claim a job that was interrupted or failed, as its next attempt.

        Raises UserError where there is none (404), where it is finished or imported, or another process runs it (409).
        """
        job = self.get(job_id)
        self._claim(job.id)
        row = self._row(job.id)
        if self.state_of(row).status is JobStatus.FINISHED:
            self._release(job.id)
            raise UserError(f"job {job.id} is finished; `hasten show {job.id}` shows how it ended", status=409)
        if row["imported"]:  # whoever wrote the archive says what it runs, and in which sandbox
            self._release(job.id)
            raise UserError(f"job {job.id} was imported, and is not gone on with here; begin it anew", status=409)
        values = {"status": JobStatus.RUNNING.value, "detail": "", "ended": None, "attempt": jobs.c.attempt + 1}
        whole = update(jobs).where(jobs.c.id == job.id, jobs.c.kept == "whole")
        with self._database.writing() as connection:
            found = connection.execute(whole.values(values)).rowcount
        if not found:
            self._release(job.id)
            raise UserError(f"job {job.id} is no longer whole, as old jobs are thinned here; begin it anew", status=409)
        return job

    def record_spend(self, job_id: str, spend: Spend) -> None:
        """Remember what the job has spent so far, for whoever resumes it; on disk when this returns."""
        self._update(job_id, spend=spend_to_json(spend))

    def finish(
        self,
        job_id: str,
        status: JobStatus,
        *,
        spend: Spend | None = None,
        detail: str = "",
        report: Mapping[str, object] | None = None,
    ) -> None:
        """End the job and give up the claim; a `spend` or `report` of None leaves what was recorded before."""
        values: dict[str, Any] = {"status": status.value, "detail": detail, "ended": now()}
        if spend is not None:
            values["spend"] = spend_to_json(spend)
        if report is not None:
            plain = plain_dict(report)
            values |= {"report": self._blobs.put(json.dumps(plain).encode()), "gain": gain_of(plain)}
        self._update(job_id, **values)
        self._release(job_id)

    def state(self, job_id: str) -> JobState:
        """Where the job stands; raises UserError (404) where there is none."""
        return self.state_of(self._row(job_id))

    def state_of(self, row: RowMapping) -> JobState:
        """Where a job stands, given its row."""
        status, detail = JobStatus(row["status"]), row["detail"]
        of_service = row["tenant"] != LOCAL  # whose workers hold leases
        if status is JobStatus.RUNNING and not of_service and not Claim.held(self._lock_file(row["id"])):
            status, detail = JobStatus.INTERRUPTED, "its process died"
        return JobState(
            status=status,
            detail=detail,
            spend=spend_from_json(row["spend"]),
            attempt=row["attempt"],
            ended=row["ended"],
        )

    def report(self, job_id: str) -> Mapping[str, object] | None:
        """The report the job ended with; None where there is none yet."""
        digest = self._row(job_id)["report"]
        if digest is None:
            return None
        report: dict[str, object] = json.loads(self._blobs.get(digest))
        return report

    @patient
    def get(self, job_id: str) -> Job:
        """By its id or an unambiguous beginning of it; raises UserError (404) where there is none."""
        begins = func.substr(jobs.c.id, 1, len(job_id), type_=jobs.c.id.type) == job_id
        query = select(jobs.c.id, jobs.c.request).order_by(jobs.c.created.desc())
        with self._database.reading() as connection:
            found = connection.execute(query.where(jobs.c.id == job_id)).all()  # the other one looks at all jobs
            if job_id and not found:
                found = connection.execute(query.where(begins)).all()
        if not found:
            raise UserError(f"there is no job {job_id!r}; `hasten list` shows those there are", status=404)
        if len(found) > 1:
            several = ", ".join(row.id for row in found[:5])
            raise UserError(f"{len(found)} jobs begin with {job_id!r} ({several}); give more of the id")
        return job_from_json(found[0].request)

    @patient
    def list(self, limit: int = 50) -> Sequence[Job]:
        """The newest first."""
        query = select(jobs.c.request).order_by(jobs.c.created.desc(), jobs.c.id).limit(limit)
        with self._database.reading() as connection:
            return [job_from_json(request) for request in connection.scalars(query)]

    def journal(self, job_id: str, lease: Lease | None = None) -> Journal:
        """The job's journal; with a lease it is written under its fence."""
        return SqlJournal(self._database, job_id, lease)

    def archive(self, job_id: str, lease: Lease | None = None) -> Archive:
        """The job's archive; with a lease it is written under its fence."""
        return SqlArchive(self._database, job_id, lease)

    def release(self) -> None:
        """Give up every claim of this process; what still ran then counts as interrupted."""
        for job_id in tuple(self._claims):
            self._release(job_id)

    def _lock_file(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.lock"

    def _claim(self, job_id: str) -> None:
        claim = Claim.take(self._lock_file(job_id))
        if claim is None:
            raise UserError(f"job {job_id} is running in another process", status=409)
        self._claims[job_id] = claim

    def _release(self, job_id: str) -> None:
        if claim := self._claims.pop(job_id, None):
            claim.release()

    @patient
    def _row(self, job_id: str) -> RowMapping:
        with self._database.reading() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
        if row is None:
            raise UserError(f"there is no job {job_id!r}; `hasten list` shows those there are", status=404)
        return row

    @patient
    def _update(self, /, job_id: str, **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))
