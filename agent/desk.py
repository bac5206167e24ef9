"""What a session works at: the code of one candidate, the edits made to it so far, and both sides to try them on."""

from dataclasses import dataclass, field
from functools import lru_cache

from agent.baseline import Baseline
from agent.bench import Bench, Plans
from agent.domain import Candidate, Directive, Job, Origin
from agent.kit import Kit
from agent.protocols import Draft
from tools.equivalence.remembered import Remembered
from tools.errors import ToolError, UserError
from tools.git.off_limits import off_limits
from tools.git.workspace import Workspace
from tools.workload.session import Side

UNNUMBERED = -1
"""Of a candidate that is only tried at a desk; seeds drawn for it are none of those that judge."""


@dataclass(kw_only=True)
class Desk:
    """The files of a directive's start with edits on top. Paths are relative to the repository's root.

    Reading and editing raise ToolError, in words that the model can act upon. Not safe for edits from several threads.
    """

    job: Job
    baseline: Baseline
    directive: Directive
    kit: Kit
    plans: Plans = field(default_factory=dict)
    """Sized batches, shared by the benches of one job."""
    edits: dict[str, str | None] = field(default_factory=dict)
    """New text by path; None where a file is deleted."""
    glances: Remembered = field(default_factory=Remembered)
    """What was seen at a glance: code that does exactly what other code did is not compared again."""
    notes: dict[str, object] = field(default_factory=dict)
    """What one tool leaves for another within a session, by the tool's name."""

    def __post_init__(self) -> None:
        self._files = Workspace(self.baseline.snapshot, (self.directive.start or self.directive.parent).patch)
        self._undo: list[dict[str, str | None]] = []
        self._tried = lru_cache(maxsize=8)(self._bench)

    @property
    def target(self) -> str:
        """`module:function` that the session is to make faster."""
        return self.directive.target

    def locate(self, target: str) -> tuple[str, str]:
        """Path and qualified name of `module:function`; raises ToolError with names that are near."""
        try:
            return self._files.locate(target, self.baseline.recipe.sources)
        except UserError as error:
            raise ToolError(str(error)) from error

    def files(self) -> tuple[str, ...]:
        """The paths of all files as they stand now, sorted."""
        gone = {path for path, text in self.edits.items() if text is None}
        return tuple(sorted({*self._files.files(), *self.edits} - gone))

    def read(self, path: str) -> str:
        """A file's text as it stands now; raises ToolError where there is none or it is not text."""
        if path in self.edits:
            text = self.edits[path]
            if text is None:
                raise ToolError(f"There is no file {path}: you deleted it.")
            return text
        try:
            return self._files.read(path)
        except UserError as error:
            raise ToolError(str(error)) from error

    def write(self, path: str, text: str | None) -> None:
        """Give a file new text, or delete it; raises ToolError for what is off limits or cannot be written."""
        for _, rule in off_limits([path], self.baseline.recipe.off_limits):
            raise ToolError(f"{path} is off limits ({rule}): no candidate may change it. Change the code it is about.")
        before = dict(self.edits)
        after: dict[str, str | None] = {**self.edits, path: text}
        try:
            self._files.changed(after)
        except UserError as error:
            raise ToolError(str(error)) from error
        self._undo.append(before)
        self.edits = after

    def undo(self) -> tuple[str, ...]:
        """Take the last edit back; the paths it concerned. Raises ToolError where there is nothing to undo."""
        if not self._undo:
            raise ToolError("There is no edit to undo.")
        before, after = self._undo.pop(), self.edits
        self.edits = before
        return tuple(path for path in {*before, *after} if before.get(path) != after.get(path))

    @property
    def undoable(self) -> int:
        """How many edits can be taken back."""
        return len(self._undo)

    @property
    def patch(self) -> str:
        """Everything as it stands now, against the snapshot; empty where nothing differs."""
        return self._files.changed(self.edits)

    def bench(self) -> Bench:
        """The code as it stands beside the directive's parent, for tools that try it.

        Its seeds are none of those that judge. Benches of the same code are the same one.
        """
        return self._tried(self.patch)

    def side(self) -> Side:
        """The code as it stands, laid out to run; raises ToolError where it no longer builds."""
        try:
            return self.bench().challenger
        except UserError as error:
            raise ToolError(f"The code as it stands does not build: {error}") from error

    def draft(self, summary: str) -> Draft:
        """What the session hands in."""
        return Draft(
            patch=self.patch,
            summary=summary,
            origin=Origin.MODEL,
            target=self.directive.target,
            author=self.directive.model or "",
        )

    def _bench(self, patch: str) -> Bench:
        candidate = Candidate(
            number=UNNUMBERED,
            patch=patch,
            parents=(self.directive.parent.number,),
            origin=Origin.MODEL,
            summary="tried at the desk",
            target=self.target,
        )
        return Bench(
            kit=self.kit,
            job=self.job,
            baseline=self.baseline,
            parent=self.directive.parent,
            candidate=candidate,
            plans=self.plans,
            glances=self.glances,
        )
