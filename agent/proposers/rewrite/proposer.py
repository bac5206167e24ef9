"""The proposer `rewrite`: candidates without any model."""

from collections.abc import Sequence

from agent.baseline import Baseline
from agent.domain import Directive, Origin
from agent.ledger import Ledger
from agent.proposers.rewrite.rewriter import rewrites
from agent.protocols import Draft
from agent.workspace import Workspace


class RewriteProposer:
    """Drafts one candidate for each edit that the rules find in the target, the most promising first."""

    name = "rewrite"

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline

    def propose(self, directive: Directive, ledger: Ledger) -> Sequence[Draft]:
        """At most `directive.samples` drafts, for nothing but time; raises UserError where there is no such target."""
        if ledger.exhausted is not None:
            return []
        workspace = Workspace(self._baseline, directive.start or directive.parent)
        path, qualname = workspace.locate(directive.target)
        edits = rewrites(workspace.read(path), qualname, path=path)
        return [
            workspace.draft(
                {path: edit.source},
                summary=f"{edit.rule}: {edit.summary} ({qualname})",
                origin=Origin.REWRITE,
                target=directive.target,
            )
            for edit in edits[: directive.samples]
        ]
