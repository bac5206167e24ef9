"""Messages to webhooks as those who send them see them: taken for a while, then delivered, tried again or given up."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection, and_, func, select, update

from storage.database import Database
from storage.sealing import Sealer
from storage.tables import deliveries, webhooks
from storage.tallies import Tally, count
from storage.webhooks import context_of

PAUSES_S = (10.0, 60.0, 300.0, 1800.0, 7200.0, 21600.0, 43200.0, 86400.0)
"""How long a message waits after each try that failed; after one more it is given up."""
JITTER = 0.1
"""Of a pause, added at random, so that a receiver that was down is not met by all at once."""
TAKEN_S = 120.0
"""How long a message belongs to who took it; it is sent again where nothing was heard of it."""
MOST_OF_ONE = 4
"""Messages of one webhook that are taken at once: one that hangs does not hold up the others."""
DELIVERED, FAILED, GAVE_UP = "delivered", "failed", "gave_up"
GONE = 410
"""The status by which a receiver says that it wants to hear no more."""
OFF = f"given up: another message was answered {GONE}"
"""What is said of the messages that were still to be sent then."""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message that is to be sent now."""

    id: str
    webhook: str
    url: str
    body: str
    attempt: int
    """1 for the first try."""
    sealed: bytes = field(repr=False)
    tenant: str


class SqlSending:
    """What is to be sent, for any number of senders."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    def take(self, limit: int) -> Sequence[Outgoing]:
        """Messages that are due, which nobody else takes within `TAKEN_S`; few of one webhook."""
        with self._database.reading() as connection:
            ready = and_(deliveries.c.due <= self._database.moment(connection), webhooks.c.active)
            if connection.execute(select(deliveries.c.id).select_from(_BOTH).where(ready).limit(1)).first() is None:
                return ()  # as nearly always: nobody is kept from writing
        with self._database.writing() as connection:
            moment = self._database.moment(connection)
            ready = and_(deliveries.c.due <= moment, webhooks.c.active)
            place = func.row_number().over(partition_by=deliveries.c.webhook, order_by=deliveries.c.due)
            ranked = select(deliveries.c.id, deliveries.c.due, place.label("place")).select_from(_BOTH).where(ready)
            some = ranked.subquery()
            picked = select(some.c.id).where(some.c.place <= MOST_OF_ONE).order_by(some.c.due).limit(limit)
            ids = connection.scalars(picked).all()
            free = select(deliveries.c.id).where(deliveries.c.id.in_(ids), deliveries.c.due <= moment)
            mine = connection.scalars(free.with_for_update(skip_locked=True)).all()
            values = {"due": moment + timedelta(seconds=TAKEN_S), "attempts": deliveries.c.attempts + 1}
            connection.execute(update(deliveries).where(deliveries.c.id.in_(mine)).values(values))
            columns = (deliveries.c.id, deliveries.c.webhook, deliveries.c.body, deliveries.c.attempts.label("attempt"))
            query = select(*columns, webhooks.c.url, webhooks.c.sealed, webhooks.c.tenant).select_from(_BOTH)
            rows = connection.execute(query.where(deliveries.c.id.in_(mine))).mappings().all()
        return [Outgoing(**row) for row in rows]

    def secret(self, outgoing: Outgoing) -> str:
        """What signs the message; raises InfrastructureError where it cannot be opened."""
        return self._sealer.open(outgoing.sealed, outgoing.tenant, context_of(outgoing.webhook)).decode()

    def delivered(self, outgoing: Outgoing, detail: str) -> None:
        """The receiver has it."""
        with self._database.writing() as connection:
            moment = self._database.moment(connection)
            self._settle(connection, outgoing, due=None, delivered=moment, detail=detail)
            count(connection, Tally.DELIVERIES, {DELIVERED: 1})

    def failed(self, outgoing: Outgoing, detail: str, status: int | None = None) -> None:
        """The receiver has it not: it is tried again, or given up; one that is `GONE` is told nothing more."""
        mine = webhooks.c.id == outgoing.webhook
        with self._database.writing() as connection:
            # Before any of its messages, as who deletes it does; whether it is on stays true until this is written.
            on = connection.scalars(select(webhooks.c.active).where(mine).with_for_update(key_share=True)).first()
            moment = self._database.moment(connection)
            again = bool(on) and outgoing.attempt <= len(PAUSES_S) and status != GONE
            pause_s = PAUSES_S[outgoing.attempt - 1] * (1 + JITTER * random.random()) if again else 0.0
            due = moment + timedelta(seconds=pause_s) if again else None
            if status == GONE:
                connection.execute(update(webhooks).where(mine).values(active=False))
                unsent = and_(deliveries.c.webhook == outgoing.webhook, deliveries.c.due.is_not(None))
                connection.execute(update(deliveries).where(unsent).values(due=None, detail=OFF))
            self._settle(connection, outgoing, due=due, detail=detail)
            count(connection, Tally.DELIVERIES, {FAILED if again else GAVE_UP: 1})

    def _settle(self, connection: Connection, outgoing: Outgoing, **values: object) -> None:
        """Nothing where somebody asked for the message anew meanwhile, or deleted the webhook."""
        mine = and_(deliveries.c.id == outgoing.id, deliveries.c.attempts == outgoing.attempt)
        connection.execute(update(deliveries).where(mine).values(values))


_BOTH = deliveries.join(webhooks, webhooks.c.id == deliveries.c.webhook)
