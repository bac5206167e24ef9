"""How the service stands at this moment, for the metrics: a few counts, each along an index."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, case, func, select

from storage.database import Database
from storage.queue import LEASE_S, PENDING
from storage.tables import deliveries, jobs, workers


@dataclass(frozen=True, kw_only=True)
class Gauges:
    """What there is now."""

    jobs: Mapping[str, int]
    """By status."""
    waiting: int
    """Jobs that a worker could take."""
    oldest_s: float
    """How long the oldest of them waits, since it was submitted or last given back; 0 where none waits."""
    held: int
    """Jobs that a worker holds."""
    workers: int
    """Processes that were heard of within the length of a lease."""
    deliveries: int
    """Messages to webhooks that are to be sent."""


class SqlGauges:
    """Reads how the service stands."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> Gauges:
        """Everything at one moment."""
        with self._database.reading() as connection:
            moment = self._database.moment(connection)
            by_status = select(jobs.c.status, func.count().label("number")).group_by(jobs.c.status)
            statuses = {row.status: row.number for row in connection.execute(by_status)}
            free = and_(jobs.c.status.in_(PENDING), jobs.c.lease_owner.is_(None), jobs.c.due <= moment)
            since = case((jobs.c.fence == 0, jobs.c.created), else_=jobs.c.due)  # a sweep moves `due` of who waits long
            waiting, oldest = connection.execute(select(func.count(), func.min(since)).where(free)).one()
            held = select(func.count()).where(jobs.c.lease_until.is_not(None))
            alive = select(func.count()).where(workers.c.seen > moment - timedelta(seconds=LEASE_S))
            unsent = select(func.count()).where(deliveries.c.due.is_not(None))
            return Gauges(
                jobs=statuses,
                waiting=waiting,
                oldest_s=max(0.0, (moment - oldest).total_seconds()) if oldest else 0.0,
                held=connection.scalars(held).one(),
                workers=connection.scalars(alive).one(),
                deliveries=connection.scalars(unsent).one(),
            )
