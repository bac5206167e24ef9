"""What a proposer works on: the files of one parent, and drafts of changes to them."""

from collections.abc import Mapping

from agent.baseline import Baseline
from agent.domain import Candidate, Origin
from agent.protocols import Draft
from tools.git.workspace import Workspace as Files


class Workspace:
    """The files of `parent`; drafts are patches against the snapshot, the parent's changes included."""

    def __init__(self, baseline: Baseline, parent: Candidate) -> None:
        self._files = Files(baseline.snapshot, parent.patch)
        self._sources = baseline.recipe.sources

    def read(self, path: str) -> str:
        """The text of a file, by its path from the repository's root; raises UserError where there is none."""
        return self._files.read(path)

    def locate(self, target: str) -> tuple[str, str]:
        """Path and qualified name of `module:function`; raises UserError with names that are near."""
        return self._files.locate(target, self._sources)

    def draft(
        self,
        changes: Mapping[str, str],
        *,
        summary: str,
        origin: Origin,
        target: str | None = None,
        whole: bool = False,
    ) -> Draft:
        """A draft that gives the files named in `changes` new text."""
        patch = self._files.changed(changes)
        return Draft(patch=patch, summary=summary, origin=origin, target=target, whole=whole)
