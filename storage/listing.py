"""Jobs, steps and candidates page by page: what people look through, at the same cost however much there is."""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, case, func, literal, select, tuple_, union_all

from agent.domain import Candidate, Job, Outcome, Step, StepKind, Verdict
from agent.protocols import Entry, JobState, JobStatus
from storage.columns import UtcDateTime
from storage.database import Database
from storage.jobs import SqlJobs
from storage.rows import (
    candidate_from_row,
    evidence_from_row,
    job_from_json,
    source_digest,
    step_from_row,
    verdict_from_row,
)
from storage.tables import candidates, jobs, steps, verdicts
from storage.tables import evidence as observations
from tools.errors import UserError

Cursor = tuple[datetime, str]
"""The moment and the id of the last job of a page."""


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which jobs a list shows; what is left out is not looked at."""

    tenants: Collection[str]
    statuses: Collection[JobStatus] = ()
    kind: str | None = None
    source: str | None = None
    """As it was given."""
    since: datetime | None = None
    """Submitted then or later."""
    until: datetime | None = None
    """Submitted before."""


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """A job, where it stands, and how far it came."""

    job: Job
    tenant: str
    kind: str
    state: JobState
    wanted: str = ""
    """What a person asked of it and its worker has not seen yet."""
    report: str | None = None
    """Digest of the blob with its report."""
    gain: Mapping[str, float | None] | None = None
    """The speedup of what it delivers, as its report has it; None where it delivers nothing."""
    judged: int = 0
    kept: int = 0


@dataclass(frozen=True, kw_only=True)
class StepsSought:
    """Which steps of a job a page shows."""

    after: int = 0
    kinds: Collection[StepKind] = field(default=())
    candidate: int | None = None
    round: int | None = None


class SqlListing:
    """What is read by pages; every page costs one or two queries by index."""

    def __init__(self, database: Database, jobs_: SqlJobs) -> None:
        self._database = database
        self._jobs = jobs_

    def find(self, job_id: str, tenants: Collection[str]) -> JobRow:
        """One job of these tenants by its whole id; raises UserError (404) for any other."""
        mine = select(jobs).where(jobs.c.id == job_id, jobs.c.tenant.in_(tenants))
        with self._database.reading() as connection:
            row = connection.execute(mine).mappings().first()
            counts = _counts(connection, [job_id])
        if row is None:
            raise UserError(f"there is no job {job_id!r}", status=404)
        return self._of(row, counts)

    def page(self, sought: Sought, limit: int, cursor: Cursor | None = None) -> tuple[Sequence[JobRow], Cursor | None]:
        """At most `limit` jobs, the newest first, and where the next page begins; None after the last."""
        with self._database.reading() as connection:
            keys = connection.execute(_keys(sought, limit + 1, cursor)).all()
            ids = [key.id for key in keys[:limit]]
            rows = {row["id"]: row for row in connection.execute(select(jobs).where(jobs.c.id.in_(ids))).mappings()}
            counts = _counts(connection, ids)
        found = [self._of(rows[job_id], counts) for job_id in ids]
        if sought.statuses:  # a job of the command line whose process died reads as running until it is looked at
            found = [one for one in found if one.state.status in sought.statuses]
        last = keys[limit - 1] if len(keys) > limit else None
        return found, (last.created, last.id) if last else None

    def steps(self, job_id: str, sought: StepsSought, limit: int) -> tuple[Sequence[Step], int | None]:
        """At most `limit` steps in order, and the number that the next page begins after; None after the last."""
        base = select(steps).where(steps.c.job_id == job_id, steps.c.number > sought.after)
        if sought.candidate is not None:
            base = base.where(steps.c.candidate == sought.candidate)
        if sought.round is not None:
            base = base.where(steps.c.round == sought.round)
        some = [base.where(steps.c.kind == kind.value) for kind in sought.kinds] or [base]
        query = _merged([one.order_by(steps.c.number).limit(limit + 1) for one in some], "number")
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(limit + 1)).mappings().all()
        found = [step_from_row(row) for row in rows[:limit]]
        return found, found[-1].number if len(rows) > limit else None

    def candidates(self, job_id: str, after: int, limit: int) -> tuple[Sequence[tuple[Candidate, Verdict]], int | None]:
        """At most `limit` judged candidates by number, and the number that the next page begins after."""
        query = _judged(job_id).where(candidates.c.number > after).order_by(candidates.c.number).limit(limit + 1)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        found = [(candidate_from_row(row), verdict_from_row(row)) for row in rows[:limit]]
        return found, found[-1][0].number if len(rows) > limit else None

    def candidate(self, job_id: str, number: int) -> Entry:
        """One judged candidate with all that was seen of it; raises UserError (404) where there is none."""
        seen = select(observations).where(observations.c.job_id == job_id, observations.c.candidate == number)
        with self._database.reading() as connection:
            row = connection.execute(_judged(job_id).where(candidates.c.number == number)).mappings().first()
            evidence = connection.execute(seen.order_by(observations.c.position)).mappings().all()
        if row is None:
            raise UserError(f"job {job_id} has no candidate {number}", status=404)
        return Entry(
            candidate=candidate_from_row(row),
            verdict=verdict_from_row(row),
            evidence=tuple(evidence_from_row(one) for one in evidence),
        )

    def _of(self, row: RowMapping, counts: Mapping[str, tuple[int, int]]) -> JobRow:
        judged, kept = counts.get(row["id"], (0, 0))
        return JobRow(
            job=job_from_json(row["request"]),
            tenant=row["tenant"],
            kind=row["kind"],
            state=self._jobs.state_of(row),
            wanted=row["wanted"],
            report=row["report"],
            gain=row["gain"],
            judged=judged,
            kept=kept,
        )


def _keys(sought: Sought, limit: int, cursor: Cursor | None) -> Select[Any]:
    """A short walk along an index for each tenant and status, merged: one for all of them would have to sort."""
    condition: list[ColumnElement[bool]] = []
    if sought.kind is not None:
        condition.append(jobs.c.kind == sought.kind)
    if sought.source is not None:
        condition.append(jobs.c.source_digest == source_digest(sought.source))
    if sought.since is not None:
        condition.append(jobs.c.created >= sought.since)
    if sought.until is not None:
        condition.append(jobs.c.created < sought.until)
    if cursor is not None:
        last = tuple_(literal(cursor[0], UtcDateTime()), literal(cursor[1]))
        condition.append(tuple_(jobs.c.created, jobs.c.id) < last)
    base = select(jobs.c.created, jobs.c.id).where(*condition)
    walks = [base.where(jobs.c.tenant == tenant) for tenant in sorted(sought.tenants)]
    if sought.statuses:
        statuses = _stored(sought.statuses)
        walks = [walk.where(jobs.c.status == status) for walk, status in itertools.product(walks, statuses)]
    ordered = [walk.order_by(jobs.c.created.desc(), jobs.c.id.desc()).limit(limit) for walk in walks]
    return _merged(ordered, "created", "id", descending=True).limit(limit)


def _stored(statuses: Collection[JobStatus]) -> list[str]:
    """What may stand in the table of jobs that are shown under these; one whose process died stands as running."""
    some = {status.value for status in statuses}
    return sorted(some | ({JobStatus.RUNNING.value} if JobStatus.INTERRUPTED in statuses else set()))


def _merged(walks: Sequence[Select[Any]], *names: str, descending: bool = False) -> Select[Any]:
    """Several ordered walks as one in the same order."""
    if len(walks) == 1:
        return walks[0]
    together = union_all(*(select(walk.subquery()) for walk in walks)).subquery()
    columns = [together.c[name] for name in names]
    return select(together).order_by(*(column.desc() if descending else column for column in columns))


def _judged(job_id: str) -> Select[Any]:
    theirs = (verdicts.c.job_id == candidates.c.job_id) & (verdicts.c.candidate == candidates.c.number)
    columns = (verdicts.c.outcome, verdicts.c.reason, verdicts.c.speedup, verdicts.c.caveats)
    return select(candidates, *columns).join(verdicts, theirs).where(candidates.c.job_id == job_id)


def _counts(connection: Connection, job_ids: Iterable[str]) -> Mapping[str, tuple[int, int]]:
    """How many candidates were judged and kept, by job."""
    kept = func.sum(case((verdicts.c.outcome == Outcome.KEPT.value, 1), else_=0))
    query = select(verdicts.c.job_id, func.count(), kept).where(verdicts.c.job_id.in_(job_ids))
    rows = connection.execute(query.group_by(verdicts.c.job_id)).all()
    return {job_id: (judged, int(kept)) for job_id, judged, kept in rows}
