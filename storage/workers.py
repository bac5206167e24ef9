"""Which processes take jobs, and when they were last heard of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from storage.database import Database
from storage.tables import workers


@dataclass(frozen=True, kw_only=True)
class Worker:
    """A process that takes jobs."""

    owner: str
    """As it stands in the leases that it holds."""
    host: str
    started: datetime
    seen: datetime


class SqlWorkers:
    """The workers of a service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, owner: str, host: str) -> None:
        """Remember that a worker lives."""
        with self._database.writing() as connection:
            moment = self._database.moment(connection)
            known = update(workers).where(workers.c.owner == owner).values(seen=moment)
            if connection.execute(known).rowcount == 0:
                connection.execute(insert(workers).values(owner=owner, host=host, started=moment, seen=moment))

    def gone(self, owner: str) -> None:
        """Forget a worker that ends."""
        with self._database.writing() as connection:
            connection.execute(delete(workers).where(workers.c.owner == owner))

    def forget(self, silent_for_s: float) -> int:
        """Forget those that were not heard of for so long; how many."""
        with self._database.writing() as connection:
            oldest = self._database.moment(connection) - timedelta(seconds=silent_for_s)
            return connection.execute(delete(workers).where(workers.c.seen < oldest)).rowcount

    def list(self, silent_for_s: float) -> Sequence[Worker]:
        """Those that were heard of within so many seconds, by name."""
        with self._database.reading() as connection:
            oldest = self._database.moment(connection) - timedelta(seconds=silent_for_s)
            rows = connection.execute(select(workers).where(workers.c.seen >= oldest).order_by(workers.c.owner))
            return [Worker(**row) for row in rows.mappings()]
