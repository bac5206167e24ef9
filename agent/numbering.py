"""Drafts become candidates: numbered within their job and in the journal from then on."""

from agent.domain import Candidate, StepKind
from agent.kit import Kit
from agent.protocols import Draft


def is_text(patch: str) -> bool:
    """Whether a patch can be stored and shown; one that quotes lines of another encoding than UTF-8 cannot."""
    try:
        patch.encode()
    except UnicodeEncodeError:
        return False
    return True


def numbered(draft: Draft, parents: tuple[int, ...], kit: Kit, *, round_number: int = 0) -> Candidate:
    """A draft with the next number of its job."""
    candidate = Candidate(
        number=kit.archive.reserve_number(),
        patch=draft.patch,
        parents=parents,
        origin=draft.origin,
        summary=draft.summary,
        target=draft.target,
    )
    data = {"patch": kit.blobs.put(draft.patch.encode()), "parents": list(parents), "origin": str(draft.origin)}
    kit.journal.append(StepKind.CANDIDATE, draft.summary, data, candidate=candidate.number, round=round_number)
    return candidate
