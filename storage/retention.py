"""How long ended jobs are kept, whole or in part, and what else ends by itself. A job that runs is never touched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, insert, or_, select, update

from agent.domain import StepKind
from agent.protocols import JobStatus
from storage.database import Database
from storage.limits import DEFAULT, hold, limits_of, month_of
from storage.tables import deliveries, evidence, jobs, metadata, spent, steps, submissions, tenants

ENDED = tuple(
    status.value for status in (JobStatus.FINISHED, JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.INTERRUPTED)
)
CONVERSATION = (StepKind.PROMPT.value, StepKind.REPLY.value, StepKind.CALL.value, StepKind.RESULT.value)
"""Steps that a thin job has no longer: most of what a job takes, and none of what it found."""
KEYS_KEPT = timedelta(hours=24)
"""How long an Idempotency-Key is remembered."""
DELIVERIES_KEPT = timedelta(days=30)
AT_ONCE = 5_000
"""Rows that are removed in one transaction, so that others get to write between two of them."""


class Kept(StrEnum):
    """How much of a job is there."""

    WHOLE = "whole"
    THINNING = "thinning"
    THIN = "thin"
    """Without its conversations and raw samples; its verdicts and its report are there."""
    LEAVING = "leaving"


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How many days ended jobs are kept; None keeps them for ever."""

    jobs_days: int | None = None
    """Then a job is removed with everything of it."""
    steps_days: int | None = None
    """Then its conversations and raw samples are removed; verdicts and reports stay."""

    def of(self, limits: Mapping[str, Any]) -> "Retention":
        """The same with a tenant's own limits, `keep_jobs_days` and `keep_steps_days`."""
        tenants_own = limits_of(limits)
        own = {one.name: getattr(tenants_own, f"keep_{one.name}") for one in fields(self)}
        return replace(self, **{name: days for name, days in own.items() if days != DEFAULT})


@dataclass(kw_only=True)
class Expired:
    """What was removed, or would be."""

    jobs: int = 0
    thinned: int = 0
    keys: int = 0
    deliveries: int = 0
    removed_jobs: list[str] = field(default_factory=list)
    """The first hundred, by id."""


def expire(database: Database, retention: Retention, *, dry_run: bool = False) -> Expired:
    """Remove what is older than it may become; with `dry_run` only count it."""
    found = Expired()
    with database.reading() as connection:
        moment = database.moment(connection)
        limits = {row.id: row.limits for row in connection.execute(select(tenants.c.id, tenants.c.limits))}
        present = list(connection.scalars(select(jobs.c.tenant).distinct()))
    for tenant in present:
        own = retention.of(limits.get(tenant, {}))
        leaving = _which(tenant, own.jobs_days, moment, Kept.LEAVING)
        for job_id in _ids(database, leaving):
            if dry_run or _remove(database, and_(jobs.c.id == job_id, leaving), job_id):
                found.jobs += 1
                found.removed_jobs += [job_id] if len(found.removed_jobs) < 100 else []
        thinning = _which(tenant, own.steps_days, moment, Kept.THINNING)
        for job_id in _ids(database, thinning):
            if dry_run or _thin(database, and_(jobs.c.id == job_id, thinning), job_id):
                found.thinned += 1
    found.keys = _clear(database, submissions, submissions.c.at < moment - KEYS_KEPT, dry_run=dry_run)
    found.deliveries = _clear(database, deliveries, deliveries.c.created < moment - DELIVERIES_KEPT, dry_run=dry_run)
    return found


def _which(tenant: str, days: int | None, moment: datetime, to: Kept) -> ColumnElement[bool]:
    """A tenant's jobs that are to go, and those where a collector was cut off while they went."""
    which: ColumnElement[bool] = jobs.c.kept == to.value
    if days is not None:
        whole = (Kept.WHOLE, Kept.THINNING, Kept.THIN) if to is Kept.LEAVING else (Kept.WHOLE,)
        old = jobs.c.ended < moment - timedelta(days=days)
        which = or_(which, and_(old, jobs.c.kept.in_([one.value for one in whole])))
    return and_(jobs.c.tenant == tenant, jobs.c.status.in_(ENDED), which)


def _ids(database: Database, which: ColumnElement[bool]) -> Iterator[str]:
    after = ""
    while True:
        query = select(jobs.c.id).where(which, jobs.c.id > after).order_by(jobs.c.id).limit(AT_ONCE)
        with database.reading() as connection:
            page = list(connection.scalars(query))
        yield from page
        if len(page) < AT_ONCE:
            return
        after = page[-1]


def _taken(database: Database, which: ColumnElement[bool], to: Kept) -> bool:
    """Whether the job has still ended: from now on nobody takes it up again."""
    with database.writing() as connection:
        return connection.execute(update(jobs).where(which).values(kept=to.value)).rowcount == 1


def _thin(database: Database, which: ColumnElement[bool], job_id: str) -> bool:
    if not _taken(database, which, Kept.THINNING):
        return False
    _remove_steps(database, and_(steps.c.job_id == job_id, steps.c.kind.in_(CONVERSATION)))
    observed = and_(steps.c.job_id == job_id, steps.c.kind == StepKind.EVIDENCE.value)
    with database.writing() as connection:
        _forget_samples(connection, steps, observed)
        _forget_samples(connection, evidence, evidence.c.job_id == job_id)
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(kept=Kept.THIN.value))
    return True


def _forget_samples(connection: Connection, table: Table, which: ColumnElement[bool]) -> None:
    for row in connection.execute(select(*table.primary_key, table.c.data).where(which)).all():
        if row.data.get("samples"):
            mine = and_(*(column == getattr(row, column.name) for column in table.primary_key))
            connection.execute(update(table).where(mine).values(data={**row.data, "samples": None}))


def _remove(database: Database, which: ColumnElement[bool], job_id: str) -> bool:
    if not _taken(database, which, Kept.LEAVING):
        return False
    _remove_steps(database, steps.c.job_id == job_id)
    with database.writing() as connection:
        _remember_dollars(connection, job_id)
        for table in reversed(metadata.sorted_tables):
            if "job_id" in table.c:
                connection.execute(delete(table).where(table.c.job_id == job_id))
        connection.execute(delete(jobs).where(jobs.c.id == job_id))
    return True


def _remember_dollars(connection: Connection, job_id: str) -> None:
    """Add what a job that leaves has spent to its tenant's month, whose cap holds on."""
    query = select(jobs.c.tenant, jobs.c.created, jobs.c.retried, jobs.c.spend)
    row = connection.execute(query.where(jobs.c.id == job_id, jobs.c.usd > 0)).first()
    if row is None or not row.spend["usd"]:
        return
    hold(connection, row.tenant)
    month = month_of(row.retried or row.created)
    of_month = and_(spent.c.tenant == row.tenant, spent.c.month == month)
    more = update(spent).where(of_month).values(usd=spent.c.usd + row.spend["usd"])
    if connection.execute(more).rowcount == 0:
        connection.execute(insert(spent).values(tenant=row.tenant, month=month, usd=row.spend["usd"]))


def _remove_steps(database: Database, which: ColumnElement[bool]) -> None:
    while True:
        first = select(steps.c.number).where(which).order_by(steps.c.number).limit(AT_ONCE)
        with database.writing() as connection:
            numbers = list(connection.scalars(first))
            if numbers:
                connection.execute(delete(steps).where(which, steps.c.number <= numbers[-1]))
        if len(numbers) < AT_ONCE:
            return


def _clear(database: Database, table: Table, which: ColumnElement[bool], *, dry_run: bool) -> int:
    with database.writing() as connection:
        if dry_run:
            return connection.scalar(select(func.count()).select_from(table).where(which)) or 0
        return connection.execute(delete(table).where(which)).rowcount
