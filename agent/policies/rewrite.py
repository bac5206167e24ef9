"""The policy without a model: every target in turn, and again on top of what was kept there."""

from agent.domain import Directive
from agent.ledger import Ledger
from agent.policies.search import Search, Tried
from agent.protocols import Archive

NAME = "rewrite"
SAMPLES = 8


class RewritePolicy:
    """Sends the rewriter to each target, the most promising first; where a diff was kept, once more on top of it."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def next(self, archive: Archive, ledger: Ledger) -> Directive | None:
        """The next target that its best parent was not tried on; None when there is none or the budget is used up."""
        if ledger.exhausted:
            return None
        tried = Tried.of(archive)
        samples = min(SAMPLES, ledger.budget.candidates - ledger.spend.candidates)
        for aim in self._search.aims:
            parent = tried.best(aim.name)
            done = {one.directive.parent.number for one in tried.on(aim.name, method=NAME)}
            if parent.number not in done:
                return Directive(
                    round=tried.next_round,
                    parent=parent,
                    proposer="rewrite",
                    target=aim.name,
                    method=NAME,
                    samples=samples,
                )
        return None
