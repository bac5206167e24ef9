"""The events of a job as they go over the wire."""

import json

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel, Field

from agent.domain import Step
from api.rest.pages import finite
from api.rest.shown import Status, status_of
from api.rest.stream.step import step_part
from storage.following import Standing

KEEPALIVE = KEEPALIVE_COMMENT
RETRY_MS = 2000
"""How long a browser waits before it comes back."""


class StatusEvent(BaseModel):
    """Where the job stands: the data of `status` and `end`."""

    status: Status
    detail: str = Field(examples=[""])
    last_step: int = Field(examples=[17])


def step_event(step: Step) -> bytes:
    """One step; its number is the event's id."""
    data = json.dumps(finite(step_part(step).model_dump(mode="json")), separators=(",", ":"))
    return format_sse_event(data_str=data, event="step", id=str(step.number))


def status_event(standing: Standing, *, event: str = "status", retry_ms: int | None = None) -> bytes:
    """Where the job stands; without an id, so that a follower comes back after its last step."""
    data = StatusEvent(status=status_of(standing.status), detail=standing.detail, last_step=standing.last_step)
    return format_sse_event(data_str=json.dumps(data.model_dump()), event=event, retry=retry_ms)
