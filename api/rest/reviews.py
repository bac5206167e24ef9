"""What people say of jobs and candidates: `:hint`, `:approve`, `:reject`, and what was said."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from agent.domain import Review, ReviewKind
from api.rest.auth import Reader, Writer, seen_by
from api.rest.pages import Limit, answer
from api.rest.paths import JobId
from api.rest.service import Held, Service
from api.rest.shown import Shown
from api.rest.strict import Strict, Whole
from storage.tenants import Caller
from tools.errors import UserError
from tools.recipe.written_paths import InnerPath

MOST_TEXT_CHARACTERS = 4_000
MOST_NUMBER = 2**31 - 1

router = APIRouter(prefix="/v1/jobs/{job_id:id}", tags=["reviews"])


class SaidAsked(Strict):
    """Words beside a decision."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "the loop is never that long here"}]})

    text: str = Field(default="", max_length=MOST_TEXT_CHARACTERS, description="Why, for whoever reads it.")


class HintAsked(Strict):
    """Something to try, or to leave alone."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "the orders are sorted already", "path": "shop/stock.py", "line": 12}]}
    )

    text: str = Field(min_length=1, max_length=MOST_TEXT_CHARACTERS, description="What to try, in words.")
    candidate: Whole | None = Field(default=None, ge=0, le=999_999_999, description="The candidate it is about.")
    path: Annotated[InnerPath, Field(min_length=1, max_length=1_024)] | None = Field(
        default=None, description="The file it is about."
    )
    line: Whole | None = Field(default=None, ge=1, le=MOST_NUMBER, description="The line of that file.")


class ReviewPart(Shown):
    """What a person said."""

    number: int
    kind: ReviewKind
    text: str
    candidate: int | None
    path: str | None
    line: int | None
    author: str = Field(description="The name of the key that said it.")
    at: datetime


class ReviewPage(Shown):
    """A page of what people said, in order."""

    items: list[ReviewPart]
    next: int | None = Field(description="The `after` of the next page; null after the last.")


@router.post(":hint", status_code=201, response_model=ReviewPart)
def hint(job_id: JobId, asked: HintAsked, caller: Writer, service: Held) -> Response:
    """Say something to whoever works on the job: the next rounds are told."""
    if asked.line is not None and asked.path is None:
        raise UserError("line is one of a file: give its path, too", status=422)
    service.store.listing.find(job_id, seen_by(caller))
    if asked.candidate:
        service.store.listing.candidate(job_id, asked.candidate)
    review = _review(ReviewKind.HINT, asked.text, asked.candidate, caller, path=asked.path, line=asked.line)
    return answer(review_part(service.store.reviews.add(job_id, review)), 201)


@router.get("/reviews", response_model=ReviewPage)
def list_reviews(
    job_id: JobId,
    caller: Reader,
    service: Held,
    *,
    after: Annotated[int, Query(ge=0, le=MOST_NUMBER, description="Reviews with a higher number.")] = 0,
    limit: Limit = 50,
) -> Response:
    """List what people said of a job and its candidates."""
    service.store.listing.find(job_id, seen_by(caller))
    found = service.store.reviews.of(job_id, after=after, limit=limit + 1)
    following = found[limit - 1].number if len(found) > limit else None
    return answer(ReviewPage(items=[review_part(one) for one in found[:limit]], next=following))


def say(kind: ReviewKind, job_id: str, candidate: int, said: SaidAsked, caller: Caller, service: Service) -> Response:
    """Remember a decision on a candidate; raises UserError (404) where there is none."""
    service.store.listing.find(job_id, seen_by(caller))
    service.store.listing.candidate(job_id, candidate)
    review = _review(kind, said.text, candidate, caller)
    return answer(review_part(service.store.reviews.add(job_id, review)), 201)


def review_part(review: Review) -> ReviewPart:
    """A review as the API shows it."""
    return ReviewPart(**{name: getattr(review, name) for name in ReviewPart.model_fields})


def _review(
    kind: ReviewKind,
    text: str,
    candidate: int | None,
    caller: Caller,
    *,
    path: str | None = None,
    line: int | None = None,
) -> Review:
    return Review(
        kind=kind, text=text, candidate=candidate, path=path, line=line, author=caller.name, at=datetime.now(UTC)
    )
