"""`/v1/jobs/{id}/steps`: everything that happened in a job, in order."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from agent.domain import StepKind
from api.rest.auth import Reader, seen_by
from api.rest.pages import answer
from api.rest.paths import JobId
from api.rest.service import Held
from api.rest.shown import Shown
from api.rest.stream.step import StepPart, step_part
from storage.listing import StepsSought

MOST_NUMBER = 2**31 - 1

router = APIRouter(prefix="/v1/jobs/{job_id:id}/steps", tags=["jobs"])


class StepPage(Shown):
    """A page of steps, in order."""

    items: list[StepPart]
    next: int | None = Field(description="The `after` of the next page; null after the last step there is now.")


@router.get("", response_model=StepPage)
def list_steps(
    job_id: JobId,
    caller: Reader,
    service: Held,
    *,
    after: Annotated[int, Query(ge=0, le=MOST_NUMBER, description="Steps with a higher number than this.")] = 0,
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many.")] = 100,
    kind: Annotated[
        list[StepKind] | None,
        Query(max_length=len(StepKind), description="Of these kinds; may be given several times."),
    ] = None,
    candidate: Annotated[int | None, Query(ge=0, le=MOST_NUMBER, description="Of this candidate.")] = None,
    round: Annotated[int | None, Query(ge=0, le=MOST_NUMBER, description="Of this round.")] = None,
) -> Response:
    """Read a job's steps, page by page. With `Accept: text/event-stream` they come as they happen."""
    service.store.listing.find(job_id, seen_by(caller))
    sought = StepsSought(after=after, kinds=frozenset(kind or ()), candidate=candidate, round=round)
    steps, following = service.store.listing.steps(job_id, sought, limit)
    return answer({"items": [step_part(step).model_dump(mode="json") for step in steps], "next": following})
