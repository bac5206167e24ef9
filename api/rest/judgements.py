"""`/v1/judgements`: is this patch, anybody's, faster and equivalent?"""

from fastapi import APIRouter, Response
from pydantic import Field

from api.judgement import Judgement
from api.rest.asked import JudgementAsked
from api.rest.auth import Reader, Writer, seen_by
from api.rest.jobs import IdempotencyKey, accepted
from api.rest.outcomes import kept_report
from api.rest.pages import answer
from api.rest.paths import JobId
from api.rest.service import Held
from api.rest.shown import JobShown, shown_of
from api.rest.submitting import submit_judgement
from storage.jobs import JUDGEMENT
from tools.errors import UserError

router = APIRouter(prefix="/v1/judgements", tags=["judgements"])


class JudgementShown(JobShown):
    """A judgement's job, and what it found."""

    judgement: Judgement | None = Field(description="Null until it has ended.")


@router.post("", status_code=202, response_model=JobShown)
def submit(asked: JudgementAsked, caller: Writer, service: Held, idempotency_key: IdempotencyKey = None) -> Response:
    """Submit a patch to be judged as a candidate is. `Location` is where its judgement will be."""
    return accepted(submit_judgement(asked, caller, service, idempotency_key), "/v1/judgements")


@router.get("/{job_id:id}", response_model=JudgementShown)
def look(job_id: JobId, caller: Reader, service: Held) -> Response:
    """Look at a judgement: where it stands, and what it found."""
    row = service.store.listing.find(job_id, seen_by(caller))
    if row.kind != JUDGEMENT:
        raise UserError(f"there is no judgement {job_id!r}", status=404)
    content = shown_of(row).model_dump(mode="json", by_alias=True)
    return answer({**content, "judgement": kept_report(row, service)})
