"""`/v1/jobs`: submit, list, look at, steer."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from agent.protocols import JobStatus
from api.rest.asked import JobAsked
from api.rest.auth import Reader, Writer, seen_by
from api.rest.pages import CursorText, Limit, answer, cursor_from_text, cursor_to_text
from api.rest.paths import JobId
from api.rest.service import Held, Service
from api.rest.shown import JobPage, JobShown, Kind, Status, shown_of, summary_of
from api.rest.strict import Moment
from api.rest.submitting import submit_job
from storage.limits import limits_of
from storage.listing import JobRow, Sought
from storage.queue import CANCEL, PAUSE
from storage.tenants import Caller
from tools.errors import UserError

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of your own: the same request under the same key makes one job, however often it comes.",
        examples=["3b2f6c0e-nightly"],
    ),
]


@router.post("", status_code=202, response_model=JobShown)
def submit(asked: JobAsked, caller: Writer, service: Held, idempotency_key: IdempotencyKey = None) -> Response:
    """Submit a job: a repository to make faster. It is queued when this answers; `Location` is where to follow it."""
    return accepted(submit_job(asked, caller, service, idempotency_key))


@router.get("", response_model=JobPage)
def list_jobs(
    caller: Reader,
    service: Held,
    *,
    status: Annotated[
        list[Status] | None, Query(max_length=6, description="Jobs that stand so; may be given several times.")
    ] = None,
    repository: Annotated[str | None, Query(max_length=4096, description="As it was given.")] = None,
    kind: Annotated[Kind | None, Query(description="Jobs of this kind.")] = None,
    created_after: Annotated[Moment | None, Query(description="Submitted then or later.")] = None,
    created_before: Annotated[Moment | None, Query(description="Submitted before.")] = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Response:
    """List jobs, the newest first."""
    sought = Sought(
        tenants=seen_by(caller),
        statuses=_statuses(status or ()),
        kind=kind,
        source=repository,
        since=created_after,
        until=created_before,
    )
    rows, following = service.store.listing.page(sought, limit, cursor_from_text(cursor))
    return answer(JobPage(items=[summary_of(row) for row in rows], next=cursor_to_text(following)))


@router.get("/{job_id:id}", response_model=JobShown)
def look(job_id: JobId, caller: Reader, service: Held) -> Response:
    """Look at one job: where it stands, what it has spent, how far it came."""
    return _shown(job_id, caller, service)


@router.post("/{job_id:id}:cancel", status_code=202, response_model=JobShown)
def cancel(job_id: JobId, caller: Writer, service: Held) -> Response:
    """Cancel a job: at once where it waits, else at its worker's next step."""
    _own(job_id, caller, service)
    service.store.queue.want(job_id, caller.tenant, CANCEL)
    return _shown(job_id, caller, service, 202)


@router.post("/{job_id:id}:pause", status_code=202, response_model=JobShown)
def pause(job_id: JobId, caller: Writer, service: Held) -> Response:
    """Pause a job after the round in flight."""
    _own(job_id, caller, service)
    service.store.queue.want(job_id, caller.tenant, PAUSE)
    return _shown(job_id, caller, service, 202)


@router.post("/{job_id:id}:resume", status_code=202, response_model=JobShown)
def resume(job_id: JobId, caller: Writer, service: Held) -> Response:
    """Go on with a paused job."""
    _own(job_id, caller, service)
    service.store.queue.go_on(job_id, caller.tenant)
    service.tell(job_id)
    return _shown(job_id, caller, service, 202)


@router.post("/{job_id:id}:retry", status_code=202, response_model=JobShown)
def retry(job_id: JobId, caller: Writer, service: Held) -> Response:
    """Begin a job again that failed or was cancelled, as its next attempt; what it had judged stays."""
    _own(job_id, caller, service)
    service.store.queue.go_on(job_id, caller.tenant, retry=True, limits=limits_of(caller.limits))
    service.tell(job_id)
    return _shown(job_id, caller, service, 202)


def accepted(row: JobRow, place: str = "/v1/jobs") -> Response:
    """A job that was submitted, and where it is followed."""
    return answer(shown_of(row), 202, {"Location": f"{place}/{row.job.id}"})


def _own(job_id: str, caller: Caller, service: Service) -> None:
    """Raises UserError: 404 for a job that the caller does not see, 409 for one that no worker of the service runs."""
    if service.store.listing.find(job_id, seen_by(caller)).tenant != caller.tenant:
        raise UserError(f"job {job_id} is one of the command line: stop it, or go on with it, there", status=409)


def _shown(job_id: str, caller: Caller, service: Service, status: int = 200) -> Response:
    return answer(shown_of(service.store.listing.find(job_id, seen_by(caller))), status)


def _statuses(given: list[Status] | tuple[()]) -> frozenset[JobStatus]:
    some = {JobStatus(one) for one in given}
    return frozenset(some | ({JobStatus.INTERRUPTED} if JobStatus.PAUSED in some else set()))
