"""An archive as people left it: what a person rejected is off limits, and so is all that was built upon it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.domain import Candidate, Directive, Outcome, Review, ReviewKind, Round, Spend, Verdict
from agent.evidence import Evidence
from agent.protocols import Archive, Entry

Said = Callable[[], Sequence[Review]]
"""What people said of a job so far, in order."""


class ReviewedArchive:
    """Implements `agent.protocols.Archive`: what is remembered stays as it was judged."""

    def __init__(self, archive: Archive, said: Said) -> None:
        self._archive = archive
        self._said = said

    def add(self, candidate: Candidate, verdict: Verdict, evidence: Sequence[Evidence]) -> None:
        """Remember one judged candidate."""
        self._archive.add(candidate, verdict, evidence)

    def entries(self) -> Sequence[Entry]:
        """All judged candidates, by number, as people left them."""
        return reviewed(self._archive.entries(), self._said())

    def begin(self, directive: Directive) -> None:
        """Remember that a round began."""
        self._archive.begin(directive)

    def end(self, number: int, spend: Spend, note: str = "") -> None:
        """Remember that a round came to its end."""
        self._archive.end(number, spend, note)

    def rounds(self) -> Sequence[Round]:
        """All rounds that began."""
        return self._archive.rounds()


def reviewed(entries: Sequence[Entry], reviews: Sequence[Review]) -> Sequence[Entry]:
    """The entries by number; a kept one that a person rejected is no longer kept, nor is what stands upon it.

    The last word on a candidate counts. One that was approved by itself stays, whatever it was built upon.
    """
    last = {one.candidate: one for one in reviews if one.candidate is not None and one.kind is not ReviewKind.HINT}
    if all(one.kind is ReviewKind.APPROVE for one in last.values()):
        return entries
    rejected: set[int] = set()
    found = []
    for entry in entries:
        number, review = entry.candidate.number, last.get(entry.candidate.number)
        below = next((parent for parent in entry.candidate.parents if parent in rejected), None)
        if review is not None and review.kind is ReviewKind.REJECT:
            why = f"a person rejected it: {review.text}" if review.text else "a person rejected it"
        elif review is None and below is not None:
            why = f"it builds upon candidate {below}, which a person rejected"
        else:
            found.append(entry)
            continue
        rejected.add(number)
        off_limits = Verdict(
            outcome=Outcome.OFF_LIMITS, reason=why, speedup=entry.verdict.speedup, caveats=entry.verdict.caveats
        )
        found.append(replace(entry, verdict=off_limits) if entry.verdict.kept else entry)
    return found
