"""What other keys than the first have sealed, sealed anew, so that those can be dropped."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, and_, select, update

from storage.database import Database
from storage.sealing import Sealer
from storage.tables import credentials, jobs, webhooks
from storage.webhooks import context_of
from tools.errors import InfrastructureError

SEALED: Mapping[Table, Callable[[Row[Any]], tuple[str, ...]]] = {
    credentials: lambda row: (row.tenant, row.name),
    jobs: lambda row: (row.tenant, row.id, "job"),
    webhooks: lambda row: (row.tenant, context_of(row.id)),
}
"""Every table with a column `sealed`, and what a row's is bound to."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Resealed:
    """What became of all that another key had sealed."""

    changed: int
    closed: int
    """Opened with no key there is, and left as they are."""


def reseal(database: Database, sealer: Sealer) -> Resealed:
    """Seal all that another key than the first has sealed anew; what no key opens stays, and is told in the log.

    Each row is a transaction of its own, and keeps what somebody else writes into it meanwhile.
    """
    changed = closed = 0
    for table, context_of_row in SEALED.items():
        for row in _of_others(database, sealer, table):
            context = context_of_row(row)
            try:
                fresh = sealer.seal(sealer.open(row.sealed, *context), *context)
            except InfrastructureError:
                closed += 1
                continue
            as_it_was = and_(*(column == row._mapping[column] for column in (*table.primary_key, table.c.sealed)))
            with database.writing() as connection:
                changed += connection.execute(update(table).where(as_it_was).values(sealed=fresh)).rowcount
    if closed:
        _log.warning(
            "%d secrets cannot be opened with the keys in HASTEN_SECRET_KEY, and what needs them fails: add the key "
            "that sealed them behind a comma, or have the credentials given again and the webhooks made again",
            closed,
        )
    return Resealed(changed=changed, closed=closed)


def _of_others(database: Database, sealer: Sealer, table: Table) -> Iterator[Row[Any]]:
    """Rows that the first key has not sealed."""
    columns = dict.fromkeys((*table.primary_key, table.c.tenant, table.c.sealed))
    with database.reading() as connection:
        rows = connection.execute(select(*columns).where(table.c.sealed.is_not(None))).all()
    return (row for row in rows if not sealer.is_current(row.sealed))
