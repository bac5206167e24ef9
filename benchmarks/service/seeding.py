"""Large tables: a hundred thousand jobs and a million steps in seconds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text, update

from agent.domain import Job, Spend, Step, StepKind
from agent.protocols import JobStatus
from storage.database import Database
from storage.rows import job_to_json, now, source_digest, spend_to_json, step_to_row
from storage.tables import jobs, steps

BATCH = 5_000
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
IN_A_HUNDRED = {
    0: JobStatus.QUEUED,
    1: JobStatus.RUNNING,
    2: JobStatus.PAUSED,
    3: JobStatus.FAILED,
    4: JobStatus.CANCELLED,
}
"""What becomes of a hundred jobs; all others are finished."""
KINDS = (StepKind.PROMPT, StepKind.REPLY, StepKind.CALL, StepKind.RESULT, StepKind.CANDIDATE, StepKind.VERDICT)
STEP_TEXT = "x" * 600
"""What a session writes is some hundred bytes a step; large things are blobs."""


def seed_jobs(database: Database, tenant: str, first: int, last: int) -> None:
    """Add jobs of a tenant by their numbers, a second after one another."""
    for start in range(first, last + 1, BATCH):
        numbers = range(start, min(start + BATCH, last + 1))
        with database.writing() as connection:
            connection.execute(insert(jobs), [_job(tenant, one) for one in numbers])
    settle(database)


def seed_steps(database: Database, job_id: str, count: int) -> None:
    """Give a job steps up to the number `count`, after those that it has."""
    with database.writing() as connection:
        had: int = connection.scalars(select(jobs.c.last_step).where(jobs.c.id == job_id)).one()
        there = min(had or BATCH, count)
        if not had:
            connection.execute(insert(steps), list(_steps(job_id, there)))
        while there < count:  # copies of what is there, under the numbers that follow
            copied = min(there, count - there)
            columns = [column if column.name != "number" else column + there for column in steps.columns]
            some = select(*columns).where(steps.c.job_id == job_id, steps.c.number <= copied)
            connection.execute(insert(steps).from_select([column.name for column in steps.columns], some))
            there += copied
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(last_step=count))
    settle(database)


def settle(database: Database) -> None:
    """Let the database look at what it holds now, as it does by itself a while after a table grew."""
    with database.writing() as connection:
        connection.execute(text("ANALYZE"))


def job_name(number: int) -> str:
    """The id of a seeded job."""
    return f"seeded-{number:08d}"


def created(number: int) -> datetime:
    """When a seeded job was submitted."""
    return _BEGINNING + timedelta(seconds=number)


def _job(tenant: str, number: int) -> dict[str, Any]:
    asked = Job(id=job_name(number), source="https://example.org/team/project", created=created(number))
    status = IN_A_HUNDRED.get(number % 100, JobStatus.FINISHED)
    held, waits = status is JobStatus.RUNNING, status is JobStatus.QUEUED
    return {
        "id": asked.id,
        "created": asked.created,
        "request": job_to_json(asked),
        "status": status.value,
        "detail": "",
        "spend": spend_to_json(Spend(wall_s=600.0, candidates=20)),
        "attempt": 0,
        "ended": None if held or waits else asked.created,
        "tenant": tenant,
        "source_digest": source_digest(asked.source),
        "last_step": 0,
        "lease_owner": "elsewhere" if held else None,
        "lease_until": now() + timedelta(days=1) if held else None,
        "due": now() + timedelta(days=1) if waits else None,
    }


def _steps(job_id: str, count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        step = Step(
            number=number,
            kind=KINDS[number % len(KINDS)],
            title=f"step {number} of a session",
            data={"text": STEP_TEXT, "elapsed_s": 0.25},
            round=1 + number // 500,
            at=now(),
        )
        yield {"job_id": job_id, **step_to_row(step)}
