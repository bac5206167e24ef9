"""The events of a job as they go over the wire."""

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel, Field

from agent.domain import Step
from api.rest.stream.step import step_part
from storage.following import Standing

KEEPALIVE = KEEPALIVE_COMMENT
RETRY_MS = 2000
"""How long a browser waits before it comes back."""


class StatusEvent(BaseModel):
    """Where the job stands: the data of `status` and `end`."""

    status: str = Field(examples=["running"])
    detail: str = Field(examples=[""])
    last_step: int = Field(examples=[17])


def step_event(step: Step) -> bytes:
    """One step; its number is the event's id."""
    return format_sse_event(data_str=step_part(step).model_dump_json(), event="step", id=str(step.number))


def status_event(standing: Standing, *, event: str = "status", retry_ms: int | None = None) -> bytes:
    """Where the job stands; without an id, so that a follower comes back after its last step."""
    data = StatusEvent(status=standing.status, detail=standing.detail, last_step=standing.last_step)
    return format_sse_event(data_str=data.model_dump_json(), event=event, retry=retry_ms)
