"""What a job ends with: its report, and the patch that it delivers."""

import json
from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from api.judgement import Judgement
from api.report import Report
from api.reporting import delivered_patch
from api.rest.auth import Reader, seen_by
from api.rest.examples import PATCH as EXAMPLE
from api.rest.pages import answer
from api.rest.paths import JobId
from api.rest.service import Held, Service
from api.rest.shown import status_of
from storage.jobs import JUDGEMENT, OPTIMIZE
from storage.listing import JobRow
from storage.tenants import Caller
from tools.errors import UserError

PATCH = "text/x-diff"

router = APIRouter(prefix="/v1/jobs/{job_id:id}", tags=["outcomes"])


@router.get("/report", response_model=Report | Judgement)
def report(job_id: JobId, caller: Reader, service: Held) -> Response:
    """Read the report of a job that has ended: what `hasten verify` takes."""
    row, content = _reported(job_id, caller, service)
    if row.kind not in (OPTIMIZE, JUDGEMENT):
        raise UserError(f"job {job_id} is a {row.kind}, which has no report", status=404)
    return answer(content)


@router.get(
    "/patch",
    response_class=Response,
    responses={
        200: {
            "content": {PATCH: {"schema": {"type": "string"}, "example": EXAMPLE}},
            "description": "A unified diff, as an attachment.",
        }
    },
)
def patch(job_id: JobId, caller: Reader, service: Held) -> Response:
    """Take the patch that a job delivers, for `git apply`; of a judgement the one that it is of."""
    text = _patch(*_reported(job_id, caller, service))
    headers = {"Content-Disposition": f'attachment; filename="hasten-{job_id}.patch"'}
    return Response(text.encode("utf-8", "surrogatepass"), media_type=PATCH, headers=headers)


def _reported(job_id: str, caller: Caller, service: Service) -> tuple[JobRow, dict[str, Any]]:
    row = service.store.listing.find(job_id, seen_by(caller))
    content = kept_report(row, service)
    if content is None:
        why = f"it is {status_of(row.state.status)}" if row.report is None else "it is kept no longer"
        raise UserError(f"job {job_id} has no report: {why}", status=404)
    return row, content


def kept_report(row: JobRow, service: Service) -> dict[str, Any] | None:
    """What a job ended with; None where it has not, and where its blob is gone."""
    try:
        content: dict[str, Any] | None = json.loads(service.store.blobs.get(row.report)) if row.report else None
    except KeyError:
        return None
    return content


def _patch(row: JobRow, content: dict[str, Any]) -> str:
    try:
        if row.kind == JUDGEMENT:
            return Judgement.model_validate(content).patch
        text = delivered_patch(Report.model_validate(content)) if row.kind == OPTIMIZE else None
    except ValidationError as error:
        name = row.job.id
        raise UserError(f"the report of job {name} was written by another version of Hasten", status=409) from error
    if text is None:
        raise UserError(f"job {row.job.id} delivers no patch; its report says why", status=404)
    return text
