"""A step as the API shows it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from agent.domain import Step


class StepPart(BaseModel):
    """One thing that happened in a job."""

    number: int
    kind: str
    title: str
    data: dict[str, Any]
    candidate: int | None
    round: int
    attempt: int
    at: datetime


def step_part(step: Step) -> StepPart:
    """A step as the API shows it."""
    return StepPart(**{name: getattr(step, name) for name in StepPart.model_fields})
