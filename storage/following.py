"""What the event streams read: where jobs stand and the steps that came since, of many jobs by one query."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, and_, or_, select

from agent.domain import Step
from agent.protocols import JobStatus
from storage.database import Database
from storage.rows import step_from_row
from storage.tables import jobs, steps

PAGE = 100
"""At most this many steps of one job are read at once."""
BATCH = 200
"""At most this many jobs are asked for by one statement."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a job stands, as those who follow it are told."""

    status: JobStatus
    detail: str
    last_step: int

    @property
    def ended(self) -> bool:
        """Whether no further step will come, unless a person asks for another attempt."""
        return self.status in ENDED


@dataclass(frozen=True, kw_only=True)
class News:
    """The next steps of a job, in order; of one that was thinned, their numbers have gaps."""

    steps: Sequence[Step]
    reached: int
    """No step up to this number comes after them."""


ENDED = frozenset({JobStatus.FINISHED, JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.INTERRUPTED})


class SqlFollowing:
    """Reads what happens in jobs, as it happens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, job_id: str, tenants: Collection[str]) -> Standing | None:
        """Where a job of these tenants stands; None where they have no such job."""
        query = _STANDING.where(jobs.c.id == job_id, jobs.c.tenant.in_(tenants))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _standing(row.status, row.detail, row.last_step)

    def standings(self, job_ids: Collection[str]) -> Mapping[str, Standing]:
        """Where these jobs stand; those that are gone are left out."""
        found: dict[str, Standing] = {}
        with self._database.reading() as connection:
            for some in _batches(job_ids):
                for row in connection.execute(_STANDING.where(jobs.c.id.in_(some))):
                    found[row.id] = _standing(row.status, row.detail, row.last_step)
        return found

    def news(self, seen: Mapping[str, int]) -> Mapping[str, News]:
        """What came in each job after the last step seen, `PAGE` steps at most; jobs without any are left out.

        It is one query for all jobs but those whose numbers have gaps, which cost one more each.
        """
        found: dict[str, list[Step]] = {}
        with self._database.reading() as connection:
            for some in _batches(seen.items()):
                after = [
                    and_(steps.c.job_id == job_id, steps.c.number > last, steps.c.number <= last + PAGE)
                    for job_id, last in some
                ]
                query = select(steps).where(or_(*after)).order_by(steps.c.job_id, steps.c.number)
                for row in connection.execute(query).mappings():
                    found.setdefault(row["job_id"], []).append(step_from_row(row))
            news = {job_id: _without_gaps(found.get(job_id, ()), last) for job_id, last in seen.items()}
            read = {job_id: new or _page(connection, job_id, seen[job_id]) for job_id, new in news.items()}
        return {job_id: new for job_id, new in read.items() if new.reached > seen[job_id]}

    def page(self, job_id: str, after: int) -> News:
        """The same of one job, whose numbers may have gaps of any length."""
        with self._database.reading() as connection:
            return _page(connection, job_id, after)


def _without_gaps(found: Sequence[Step], after: int) -> News | None:
    """What a window of numbers holds; None where it may hold less than there is, as where steps were removed."""
    if not found or found[-1].number != after + len(found):
        return None
    return News(steps=found, reached=found[-1].number)


def _page(connection: Connection, job_id: str, after: int) -> News:
    query = select(steps).where(steps.c.job_id == job_id, steps.c.number > after).order_by(steps.c.number).limit(PAGE)
    found = [step_from_row(row) for row in connection.execute(query).mappings()]
    reached = found[-1].number if found else after
    if len(found) < PAGE:  # the job's last steps may be among those that were removed
        last = connection.scalars(select(jobs.c.last_step).where(jobs.c.id == job_id)).first()
        reached = max(reached, last or 0)
    return News(steps=found, reached=reached)


_STANDING = select(jobs.c.id, jobs.c.status, jobs.c.detail, jobs.c.last_step)


def _standing(status: str, detail: str, last_step: int) -> Standing:
    return Standing(status=JobStatus(status), detail=detail, last_step=last_step)


def _batches(items: Collection[T]) -> Iterator[Sequence[T]]:
    left = iter(items)
    while some := list(islice(left, BATCH)):
        yield some
