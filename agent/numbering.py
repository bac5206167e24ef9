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
    candidate = Candidate(
        number=_number(blob, kit, round_number),
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


def _number(blob: str, kit: Kit, round_number: int) -> int:
    """The next one that the journal does not know.

    In a round that begins again: what a killed attempt gave the same patch, where nobody came to judge it. So a job
    that was killed numbers its candidates as if it had not been.
    """
    steps = kit.journal.steps(StepKind.CANDIDATE)
    judged = {entry.candidate.number for entry in kit.archive.entries()}
    for step in steps:
        before = round_number and step.round == round_number and step.data.get("patch") == blob
        if before and step.candidate is not None and step.candidate not in judged:
            return step.candidate
    return max((step.candidate or 0 for step in steps), default=0) + 1
