"""What people rejected: off limits for policies, prompts and the delivery, and so is what stands upon it."""

from datetime import UTC, datetime

from agent.domain import Candidate, Origin, Outcome, Review, ReviewKind
from agent.finish import leaves
from agent.prompts.feedback import feedback
from agent.protocols import Entry
from agent.reviewed import reviewed
from benchmarks.simulated import kept


def entry(number: int, *parents: int) -> Entry:
    candidate = Candidate(number=number, patch="p", parents=parents, origin=Origin.MODEL, summary="s", round=number)
    return Entry(candidate=candidate, verdict=kept(1.5))


def said(kind: ReviewKind, candidate: int, text: str = "") -> Review:
    return Review(kind=kind, candidate=candidate, text=text, author="ann", at=datetime.now(UTC))


TREE = [entry(1, 0), entry(2, 1), entry(3, 0), entry(4, 3, 2)]


def still_kept(*reviews: Review) -> list[int]:
    return [one.candidate.number for one in reviewed(TREE, reviews) if one.verdict.kept]


def test_what_stands_upon_a_rejected_candidate_goes_with_it() -> None:
    assert still_kept() == [1, 2, 3, 4]
    assert still_kept(said(ReviewKind.REJECT, 1)) == [3]
    assert still_kept(said(ReviewKind.REJECT, 3)) == [1, 2]
    assert [one.candidate.number for one in leaves(reviewed(TREE, [said(ReviewKind.REJECT, 2)]))] == [1, 3]


def test_the_last_word_counts_and_an_approval_stands_by_itself() -> None:
    rejected, approved = said(ReviewKind.REJECT, 1), said(ReviewKind.APPROVE, 1)
    assert still_kept(rejected, approved) == [1, 2, 3, 4]
    assert still_kept(rejected, said(ReviewKind.APPROVE, 4)) == [3, 4]
    assert still_kept(said(ReviewKind.HINT, 1, "no")) == [1, 2, 3, 4]


def test_the_next_attempt_is_told_why() -> None:
    [found, *_] = reviewed(TREE, [said(ReviewKind.REJECT, 1, "we keep lists here")])
    assert found.verdict.outcome is Outcome.OFF_LIMITS
    assert "A person rejected it: we keep lists here. Whatever it gains, it is not wanted" in feedback(found)
