"""`/v1/jobs/{id}/candidates`: what was tried, how it was judged, and what a person says of it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from agent.domain import Candidate, Origin, Outcome, Review, ReviewKind, StepKind, Verdict
from agent.evidence import to_json
from agent.protocols import Entry
from api.evidence import samples_of
from api.parts import speedup_of
from api.report_parts import SpeedupPart
from api.report_samples import StagePart
from api.rest.auth import Reader, Writer, seen_by
from api.rest.pages import Limit, answer
from api.rest.paths import JobId, Number
from api.rest.reviews import ReviewPart, SaidAsked, review_part, say
from api.rest.service import Held, Service
from api.rest.shown import Shown
from storage.listing import StepsSought
from storage.references import blob_of

MOST_PROFILE_CHARACTERS = 1_000_000

router = APIRouter(prefix="/v1/jobs/{job_id:id}/candidates", tags=["candidates"])


class CandidateSummary(Shown):
    """A candidate in a list."""

    number: int = Field(description="Counted within its job.")
    origin: Origin = Field(description="Who proposed it.")
    author: str = Field(description="The model that wrote it; empty where none did.")
    summary: str = Field(description="One line: what was changed, where, and why it should be faster.")
    target: str | None = Field(description="`module:function` of what it changes, where it changes one.")
    parents: list[int] = Field(description="The candidates it was made from; 0 is the unchanged code.")
    round: int = Field(description="The round of the search it was proposed in; 0 outside of the search.")
    verdict: Outcome
    reason: str = Field(description="Why, in one sentence.")
    speedup: SpeedupPart | None


class ProfilesShown(Shown):
    """Where the time goes, as folded stacks: a line for each stack, with its microseconds."""

    before: str | None = Field(description="Of the unchanged code.")
    after: str | None = Field(description="Of what the job delivers, where this candidate is part of it.")


class CandidateShown(CandidateSummary):
    """A candidate with all that was seen of it."""

    patch: str = Field(description="A unified diff against the snapshot.")
    caveats: list[str] = Field(description="What the reader should know all the same, a sentence each.")
    evidence: list[dict[str, Any]] = Field(description="What each probe saw, in order; `kind` says which.")
    samples: list[StagePart] = Field(description="Every pair that was measured, screening and confirmation apart.")
    profile: ProfilesShown
    reviews: list[ReviewPart] = Field(description="What people said of it, the last one last.")


class CandidatePage(Shown):
    """A page of candidates, by number."""

    items: list[CandidateSummary]
    next: int | None = Field(description="The `after` of the next page; null after the last one there is now.")


@router.get("", response_model=CandidatePage)
def list_candidates(
    job_id: JobId,
    caller: Reader,
    service: Held,
    *,
    after: Annotated[int, Query(ge=0, le=999_999_999, description="Candidates with a higher number.")] = 0,
    limit: Limit = 50,
) -> Response:
    """List the candidates of a job that were judged."""
    service.store.listing.find(job_id, seen_by(caller))
    found, following = service.store.listing.candidates(job_id, after, limit)
    items = [CandidateSummary(**_summary(candidate, verdict)) for candidate, verdict in found]
    return answer(CandidatePage(items=items, next=following))


@router.get("/{number:number}", response_model=CandidateShown)
def look_at_candidate(job_id: JobId, number: Number, caller: Reader, service: Held) -> Response:
    """Look at one candidate: its diff, its verdict, and the evidence for it."""
    service.store.listing.find(job_id, seen_by(caller))
    entry = service.store.listing.candidate(job_id, number)
    reviews = service.store.reviews.of(job_id, candidate=number)
    return answer(_shown(job_id, entry, reviews, service))


@router.post("/{number:number}:approve", status_code=201, response_model=ReviewPart)
def approve(job_id: JobId, number: Number, caller: Writer, service: Held, said: SaidAsked | None = None) -> Response:
    """Say that a candidate is good."""
    return say(ReviewKind.APPROVE, job_id, number, said or SaidAsked(), caller, service)


@router.post("/{number:number}:reject", status_code=201, response_model=ReviewPart)
def reject(job_id: JobId, number: Number, caller: Writer, service: Held, said: SaidAsked | None = None) -> Response:
    """Say that a candidate is not to be taken, and why."""
    return say(ReviewKind.REJECT, job_id, number, said or SaidAsked(), caller, service)


def _summary(candidate: Candidate, verdict: Verdict) -> Mapping[str, Any]:
    return {
        "number": candidate.number,
        "origin": candidate.origin,
        "author": candidate.author,
        "summary": candidate.summary,
        "target": candidate.target,
        "parents": list(candidate.parents),
        "round": candidate.round,
        "verdict": verdict.outcome,
        "reason": verdict.reason,
        "speedup": speedup_of(verdict.speedup),
    }


def _shown(job_id: str, entry: Entry, reviews: Sequence[Review], service: Service) -> CandidateShown:
    return CandidateShown(
        **_summary(entry.candidate, entry.verdict),
        patch=entry.candidate.patch,
        caveats=list(entry.verdict.caveats),
        evidence=[to_json(seen) for seen in entry.evidence],
        samples=list(samples_of(job_id, [entry], service.store.blobs).stages),
        profile=_profiles(job_id, entry.candidate.number, service),
        reviews=[review_part(review) for review in reviews],
    )


def _profiles(job_id: str, number: int, service: Service) -> ProfilesShown:
    sought = StepsSought(kinds={StepKind.PROFILE, StepKind.FINISH})
    steps, _ = service.store.listing.steps(job_id, sought, 50)
    profiles = [(step, digest) for step in steps if (digest := blob_of(step, "folded"))]
    kept = [one for step in steps if step.kind is StepKind.FINISH for one in _numbers(step.data.get("kept"))]
    delivered = [digest for step, digest in profiles if step.data.get("delivered")] if number in kept else []
    unchanged = [digest for step, digest in profiles if not step.data.get("delivered")]
    return ProfilesShown(before=_folded(unchanged, service), after=_folded(delivered, service))


def _numbers(kept: object) -> Sequence[object]:
    return kept if isinstance(kept, list) else ()


def _folded(profiles: Sequence[str], service: Service) -> str | None:
    """The last one, cut at the end of a line where it is too long; None where its blob is gone."""
    try:
        text = service.store.blobs.get(profiles[-1]).decode(errors="replace") if profiles else None
    except KeyError:
        return None
    if text is None or len(text) <= MOST_PROFILE_CHARACTERS:
        return text
    return text[:MOST_PROFILE_CHARACTERS].rpartition("\n")[0]
