"""The strategy without a model: every target in turn, and again on top of what was kept there."""

from agent.domain import Candidate, Directive
from agent.policies.method import Method
from agent.policies.search import Aim, Search, Tried

NAME = "rewrite"
SAMPLES = 8


def plan(search: Search, tried: Tried) -> Directive | None:
    """The next target that the rewriter was not sent to on its best parent."""
    for aim in search.aims:
        parent = tried.best(aim.name)
        if parent.number not in {one.directive.parent.number for one in tried.on(aim.name, method=NAME)}:
            return rewriting(tried, aim, parent, method=NAME)
    return None


def rewriting(tried: Tried, aim: Aim, parent: Candidate, *, method: str, phase: str = "") -> Directive:
    """The rewriter's edits of a target, the most promising first, until one is kept."""
    return Directive(
        round=tried.next_round,
        parent=parent,
        proposer="rewrite",
        target=aim.name,
        method=method,
        phase=phase,
        samples=SAMPLES,
    )


METHOD = Method(
    name=NAME,
    about="The rules of the rewriter on every target, and again on top of what was kept there.",
    sends="nothing to a model",
    chooses="targets in their order; the best of a target as parent; ends when every target was tried on its best",
    paper="the rewriter's own rules",
    needs_model=False,
    plan=plan,
)
