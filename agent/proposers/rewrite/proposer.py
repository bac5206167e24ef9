"""The proposer `rewrite`: candidates without any model."""

from collections.abc import Callable, Sequence

from agent.domain import Candidate, Directive, Origin
from agent.ledger import Ledger
from agent.proposers.rewrite.rewriter import rewrites
from agent.proposers.rewrite.rule import COMPOSED
from agent.protocols import Draft
from agent.workspace import Workspace


class RewriteProposer:
    """Drafts one candidate for each edit that the rules find in the target, the most promising first."""

    name = "rewrite"

    def __init__(self, files_of: Callable[[Candidate], Workspace]) -> None:
        """`files_of` opens the code of a candidate."""
        self._files_of = files_of

    def propose(self, directive: Directive, ledger: Ledger) -> Sequence[Draft]:
        """At most `directive.samples` drafts, for nothing but time; raises UserError where there is no such target."""
        if ledger.exhausted is not None:
            return []
        workspace = self._files_of(directive.start or directive.parent)
        path, qualname = workspace.locate(directive.target)
        edits = rewrites(workspace.read(path), qualname, path=path)
        return [
            workspace.draft(
                {path: edit.source},
                summary=f"{edit.told} ({qualname})",
                origin=Origin.REWRITE,
                target=directive.target,
                whole=edit.rule == COMPOSED,
            )
            for edit in edits[: directive.samples]
        ]
