"""The policy without a model: every target in turn, and again on top of what was kept there."""

from collections.abc import Callable, Sequence

from agent.domain import Candidate, Directive, StepKind
from agent.ledger import Ledger
from agent.protocols import Archive, Entry, Journal

SAMPLES = 8

Rounds = set[tuple[int, str]]
"""(parent's number, target) of rounds that ended."""


class RewritePolicy:
    """Sends the rewriter to each target, hottest first; where a diff was kept, once more on top of it.

    It keeps no state: what was tried is read from the archive and from `ended`, so that a resumed job goes on where it
    stopped.
    """

    def __init__(self, unchanged: Candidate, targets: Sequence[str], ended: Callable[[], Rounds]) -> None:
        self._unchanged = unchanged
        self._targets = tuple(targets)
        self._ended = ended

    def next(self, archive: Archive, ledger: Ledger) -> Directive | None:
        """The next target that its best parent was not tried on; None when there is none or the budget is used up."""
        if ledger.exhausted:
            return None
        entries, ended = archive.entries(), self._ended()
        samples = min(SAMPLES, ledger.budget.candidates - ledger.spend.candidates)
        for target in self._targets:
            parent = self._parent(entries, target)
            if (parent.number, target) not in ended:
                return Directive(
                    parent=parent, proposer="rewrite", target=target, samples=samples, round=len(ended) + 1
                )
        return None

    def _parent(self, entries: Sequence[Entry], target: str) -> Candidate:
        """What was kept last on this target, else the unchanged code."""
        kept = [entry.candidate for entry in entries if entry.verdict.kept and entry.candidate.target == target]
        return kept[-1] if kept else self._unchanged


def ended_rounds(journal: Journal) -> Rounds:
    """The rounds that a job's journal says have ended."""
    steps = (step for step in journal.steps() if step.kind is StepKind.DIRECTIVE and step.data.get("ended"))
    return {(int(str(step.data["parent"])), str(step.data["target"])) for step in steps}
