"""The edits made by hand: read from `corpus/`, one TOML file for each project, and applied to its sources."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.wrong_edits.projects import PROJECTS
from tools.git.patch import make_patch
from tools.profile.source import Function, function_spans

CORPUS = Path(__file__).parent / "corpus"
REFACTORING = "refactoring"
KINDS = ("boundaries", "types", "order", "errors", "floats", "mutation", "laziness", "aliasing")
"""What a wrong edit gets wrong."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One small change to one function."""

    project: str
    path: str
    """From the project's root."""
    function: str
    """The qualified name that the text is looked for in."""
    kind: str
    """One of KINDS, REFACTORING, or the operator of the mutator."""
    old: str
    """Stands exactly once in the function."""
    new: str
    why: str
    witness: str = ""
    """Python that shows the difference, or that there is none, read in the names of the module: its last expression."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"{self.project} {self.function}: {self.why}"

    @property
    def target(self) -> Function:
        """The function that has it."""
        return Function(path=self.path, qualname=self.function)


def read_corpus() -> list[Edit]:
    """Every edit made by hand."""
    found = []
    for project in PROJECTS:
        for path, edits in tomllib.loads((CORPUS / f"{project}.toml").read_text(encoding="utf-8")).items():
            found += [Edit(project=project, path=path, **edit) for edit in edits]
    return found


def edited(source: str, edit: Edit) -> str:
    """The file with the edit made; raises ValueError where the text is not there exactly once."""
    spans = [span for span in function_spans(source) if span.qualname == edit.function]
    if not spans:
        raise ValueError(f"{edit.path} has no function {edit.function}")
    lines = source.splitlines(keepends=True)
    first, last = spans[-1].first_line - 1, spans[-1].last_line
    body = "".join(lines[first:last])
    if body.count(edit.old) != 1:
        raise ValueError(f"{edit.name}: the old text stands {body.count(edit.old)} times in the function")
    return "".join(lines[:first]) + body.replace(edit.old, edit.new) + "".join(lines[last:])


def patch_of(tree: Path, edit: Edit) -> str:
    """The edit as a unified diff from the root of the project's tree."""
    source = (tree / edit.path).read_bytes().decode()
    return make_patch({edit.path: source.encode()}, {edit.path: edited(source, edit).encode()})
