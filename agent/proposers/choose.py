"""The proposer that a directive names."""

from agent.baseline import Baseline
from agent.bench import Plans
from agent.domain import Job
from agent.kit import Kit
from agent.proposers.crossover import CrossoverProposer
from agent.proposers.rewrite.proposer import RewriteProposer
from agent.protocols import Proposer
from agent.workspace import Workspace


def make_proposer(name: str, job: Job, baseline: Baseline, plans: Plans, kit: Kit) -> Proposer:
    """`rewrite`, `session` or `crossover`, for one round; raises KeyError for another name."""
    if name == "session":
        from agent.proposers.session import SessionProposer  # noqa: PLC0415 - jobs without a model need none of it

        return SessionProposer(job, baseline, plans, kit)
    if name == CrossoverProposer.name:
        return CrossoverProposer(job, baseline, kit)
    if name == RewriteProposer.name:
        return RewriteProposer(lambda candidate: Workspace(baseline, candidate))
    raise KeyError(name)
