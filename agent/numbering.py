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
    """A draft with the next number of its job; in a round that begins again, with the number that it had."""
    blob = kit.blobs.put(draft.patch.encode())
    known = _number_before(blob, kit, round_number) if round_number else None
    candidate = Candidate(
        number=known or kit.archive.reserve_number(),
        patch=draft.patch,
        parents=parents,
        origin=draft.origin,
        summary=draft.summary,
        target=draft.target,
        round=round_number,
        author=draft.author,
    )
    data = {"patch": blob, "parents": list(parents), "origin": str(draft.origin)}
    kit.journal.append(StepKind.CANDIDATE, draft.summary, data, candidate=candidate.number, round=round_number)
    return candidate


def _number_before(blob: str, kit: Kit, round_number: int) -> int | None:
    """The number that a killed attempt at this round gave the same patch, which nobody came to judge."""
    judged = {entry.candidate.number for entry in kit.archive.entries()}
    for step in kit.journal.steps(StepKind.CANDIDATE, round=round_number):
        if step.data.get("patch") == blob and step.candidate not in judged:
            return step.candidate
    return None
