"""`GET /v1/jobs/{id}/steps` for those who accept `text/event-stream`."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Scope as AsgiScope

from api.rest.auth import Reader, seen_by
from api.rest.paths import JobId
from api.rest.service import Held, Service
from api.rest.stream.response import StepStream
from api.rest.stream.tailer import Tailer
from storage.following import Standing
from storage.tenants import Scope
from tools.errors import UserError

EVENTS = "text/event-stream"
MOST_DIGITS = 9


class EventRoute(APIRoute):
    """A route for requests that accept an event stream; all others go on to the page of the same path."""

    def matches(self, scope: AsgiScope) -> tuple[Match, AsgiScope]:
        """As the base class does, where the client accepts events."""
        if scope["type"] != "http" or EVENTS not in Headers(scope=scope).get("accept", ""):
            return Match.NONE, {}
        return super().matches(scope)


router = APIRouter(route_class=EventRoute, tags=["jobs"])


def standing_of(job_id: JobId, caller: Reader, service: Held) -> Standing:
    """Where a job stands; answers 404 for one that the caller does not see."""
    standing = service.store.following.standing(job_id, seen_by(caller))
    if standing is None:
        raise UserError(f"there is no job {job_id!r}", status=404)
    return standing


def after_of(
    standing: Annotated[Standing, Depends(standing_of)], last_event_id: Annotated[str | None, Header()] = None
) -> int:
    """After which step the stream begins; answers 422 for a Last-Event-ID that names no step of the job."""
    if not last_event_id:
        return 0
    if not (last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) <= MOST_DIGITS):
        raise HTTPException(422, "Last-Event-ID is the number of the last step you have, such as 17")
    number = int(last_event_id)
    if number > standing.last_step:
        raise HTTPException(422, f"Last-Event-ID is {number}, but the job's last step is {standing.last_step}")
    return number


@router.get("/v1/jobs/{job_id:id}/steps", include_in_schema=False)
async def follow(
    job_id: JobId,
    request: Request,
    standing: Annotated[Standing, Depends(standing_of)],
    after: Annotated[int, Depends(after_of)],
    service: Held,
) -> StepStream:
    """The job's steps as they happen, each once and in order."""
    tailer: Tailer = request.app.state.tailer
    key = request.headers["authorization"].partition(" ")[2].strip()
    return StepStream(tailer, job_id, standing, after, partial(_holds, service, key))


def _holds(service: Service, key: str) -> bool:
    caller = service.store.tenants.caller(key)
    return caller is not None and Scope.READ in caller.scopes
