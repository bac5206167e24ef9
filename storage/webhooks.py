"""Webhooks of tenants, and the messages that were sent to them."""

import base64
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, func, insert, select, tuple_, update
from sqlalchemy.sql import literal

from storage.columns import UtcDateTime
from storage.database import Database
from storage.limits import hold
from storage.outbox import TEST, Event, message
from storage.rows import now
from storage.sealing import Sealer
from storage.tables import deliveries, webhooks
from tools.errors import UserError

MOST_WEBHOOKS = 20
"""Of one tenant."""
SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32

Cursor = tuple[datetime, str]


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """Where a tenant is told of its jobs."""

    id: str
    url: str
    events: tuple[str, ...]
    active: bool
    created: datetime


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One message to a webhook, and how far it came."""

    id: str
    event: str
    body: str
    created: datetime
    attempts: int
    due: datetime | None
    """When it is sent next; None once it was delivered or given up."""
    delivered: datetime | None
    detail: str
    """How the last try ended."""


class SqlWebhooks:
    """The webhooks of all tenants."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    def make(self, tenant: str, url: str, events: Collection[Event]) -> tuple[Webhook, str]:
        """A new webhook and the secret that signs its messages, told this once; raises UserError (409) for too many."""
        made = Webhook(
            id=secrets.token_hex(8),
            url=url,
            events=tuple(event.value for event in Event if event in events),
            active=True,
            created=now(),
        )
        secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        row = {
            "id": made.id,
            "tenant": tenant,
            "url": url,
            "events": list(made.events),
            "sealed": self._sealer.seal(secret.encode(), tenant, context_of(made.id)),
            "created": made.created,
            "active": True,
        }
        with self._database.writing() as connection:
            hold(connection, tenant)
            mine = select(func.count()).where(webhooks.c.tenant == tenant)
            if connection.scalars(mine).one() >= MOST_WEBHOOKS:
                raise UserError(f"a tenant has at most {MOST_WEBHOOKS} webhooks; delete one first", status=409)
            connection.execute(insert(webhooks).values(row))
        return made, secret

    def list(self, tenant: str) -> Sequence[Webhook]:
        """The tenant's webhooks, the oldest first."""
        query = select(webhooks).where(webhooks.c.tenant == tenant).order_by(webhooks.c.created, webhooks.c.id)
        with self._database.reading() as connection:
            return [_webhook(row) for row in connection.execute(query).mappings()]

    def get(self, tenant: str, webhook_id: str) -> Webhook:
        """One of the tenant's; raises UserError (404) for any other."""
        with self._database.reading() as connection:
            return _mine(connection, tenant, webhook_id)

    def delete(self, tenant: str, webhook_id: str) -> None:
        """Forget a webhook and its messages; raises UserError (404) where the tenant has none of that id."""
        mine = _is(tenant, webhook_id)
        with self._database.writing() as connection:  # new messages to it would keep it from being held for long
            if connection.execute(update(webhooks).where(mine).values(active=False)).rowcount == 0:
                raise _missing(webhook_id)
        with self._database.writing() as connection:
            connection.execute(select(webhooks.c.id).where(mine).with_for_update())  # before any of its messages
            connection.execute(delete(deliveries).where(deliveries.c.webhook == webhook_id))
            connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))

    def test(self, tenant: str, webhook_id: str) -> Delivery:
        """Have a message sent that tells of nothing, also to a webhook that was switched off, which is on again then.

        Raises UserError (404) where the tenant has none of that id.
        """
        with self._database.writing() as connection:
            if connection.execute(update(webhooks).where(_is(tenant, webhook_id)).values(active=True)).rowcount == 0:
                raise _missing(webhook_id)
            row = message(webhook_id, TEST, {"webhook": webhook_id}, now())
            connection.execute(insert(deliveries).values(row))
            return _delivery_of(connection, webhook_id, row["id"])

    def deliveries(
        self, tenant: str, webhook_id: str, limit: int, cursor: Cursor | None = None
    ) -> tuple[Sequence[Delivery], Cursor | None]:
        """Messages to a webhook, the newest first, and where the next page begins; raises UserError (404)."""
        query = select(deliveries).where(deliveries.c.webhook == webhook_id)
        if cursor is not None:
            last = tuple_(literal(cursor[0], UtcDateTime()), literal(cursor[1]))
            query = query.where(tuple_(deliveries.c.created, deliveries.c.id) < last)
        query = query.order_by(deliveries.c.created.desc(), deliveries.c.id.desc()).limit(limit + 1)
        with self._database.reading() as connection:
            _mine(connection, tenant, webhook_id)
            rows = connection.execute(query).mappings().all()
        found = [_delivery(row) for row in rows[:limit]]
        return found, (found[-1].created, found[-1].id) if len(rows) > limit else None

    def redeliver(self, tenant: str, webhook_id: str, delivery_id: str) -> Delivery:
        """Have a message sent again, with as many tries as a new one; raises UserError (404) where there is none."""
        one = and_(deliveries.c.id == delivery_id, deliveries.c.webhook == webhook_id)
        values = {"due": now(), "delivered": None, "attempts": 0, "detail": ""}
        with self._database.writing() as connection:
            _mine(connection, tenant, webhook_id)
            if connection.execute(update(deliveries).where(one).values(values)).rowcount == 0:
                raise UserError(f"webhook {webhook_id} has no delivery {delivery_id!r}", status=404)
            return _delivery_of(connection, webhook_id, delivery_id)


def context_of(webhook_id: str) -> str:
    """What a webhook's secret is called where it is sealed."""
    return f"webhook:{webhook_id}"


def _is(tenant: str, webhook_id: str) -> ColumnElement[bool]:
    return and_(webhooks.c.id == webhook_id, webhooks.c.tenant == tenant)


def _mine(connection: Connection, tenant: str, webhook_id: str) -> Webhook:
    row = connection.execute(select(webhooks).where(_is(tenant, webhook_id))).mappings().first()
    if row is None:
        raise _missing(webhook_id)
    return _webhook(row)


def _missing(webhook_id: str) -> UserError:
    return UserError(f"there is no webhook {webhook_id!r}", status=404)


def _delivery_of(connection: Connection, webhook_id: str, delivery_id: str) -> Delivery:
    query = select(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.webhook == webhook_id)
    return _delivery(connection.execute(query).mappings().one())


def _webhook(row: RowMapping) -> Webhook:
    return Webhook(
        id=row["id"], url=row["url"], events=tuple(row["events"]), active=row["active"], created=row["created"]
    )


def _delivery(row: RowMapping) -> Delivery:
    names = ("id", "event", "body", "created", "attempts", "due", "delivered", "detail")
    return Delivery(**{name: row[name] for name in names})
