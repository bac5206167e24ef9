"""Messages to webhooks, written in the very transaction that makes them true, and sent afterwards."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from agent.protocols import JobStatus
from storage.rows import now
from storage.tables import deliveries, jobs, webhooks


class Event(StrEnum):
    """What a webhook may be told of."""

    QUEUED = "job.queued"
    STARTED = "job.started"
    KEPT = "candidate.kept"
    FINISHED = "job.finished"
    FAILED = "job.failed"
    CANCELLED = "job.cancelled"


TEST = "webhook.test"
"""Is sent when somebody asks for it."""
ENDS: Mapping[str, Event] = {
    JobStatus.FINISHED: Event.FINISHED,
    JobStatus.FAILED: Event.FAILED,
    JobStatus.CANCELLED: Event.CANCELLED,
}


_HOOKS_OF = (
    select(webhooks.c.id.label("webhook"), webhooks.c.events, jobs.c.id, jobs.c.kind, jobs.c.status)
    .select_from(jobs.join(webhooks, webhooks.c.tenant == jobs.c.tenant))
    .where(jobs.c.id.in_(bindparam("job_ids", expanding=True)), webhooks.c.active)
    .with_for_update(key_share=True, read=True, of=webhooks)
)
"""The webhooks of jobs, with what is said of these; held, so that none is deleted before its message is written."""


def announce(connection: Connection, event: Event, job_ids: Sequence[str], candidate: int | None = None) -> None:
    """Write a message on each of the jobs, as they now stand, to each webhook of their tenants that wants it."""
    if not job_ids:
        return
    rows = [row for row in connection.execute(_HOOKS_OF, {"job_ids": list(job_ids)}) if event in row.events]
    if not rows:
        return
    moment = now()
    number = {} if candidate is None else {"candidate": candidate}
    messages = [
        message(row.webhook, event, {"job": row.id, "kind": row.kind, "status": row.status, **number}, moment)
        for row in rows
    ]
    connection.execute(insert(deliveries), messages)


def message(webhook: str, event: str, data: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """A row for a message that is to be sent at once."""
    body = {"type": event, "timestamp": moment.isoformat(), "data": data}
    return {
        "id": f"msg_{secrets.token_hex(12)}",
        "webhook": webhook,
        "event": str(event),
        "body": json.dumps(body),
        "created": moment,
        "attempts": 0,
        "due": moment,
        "detail": "",
    }
