"""The code of a desk as it stands, edits included, in the form in which it can be looked through."""

import posixpath
from functools import lru_cache
from pathlib import Path

from agent.desk import Desk
from tools.code.documentation import STANDARD
from tools.code.tree import CodeTree, Library
from tools.errors import UserError
from tools.git.snapshot import Snapshot
from tools.git.workspace import Workspace


def standing(desk: Desk) -> CodeTree:
    """The tree, with the libraries of the target's environment beside it.

    Files are read once for all desks that begin with the same code; of an edited tree only the edited files are new.
    """
    kept = desk.notes.get("standing")
    if isinstance(kept, tuple) and kept[0] == desk.edits:
        tree: CodeTree = kept[1]
        return tree
    baseline, start = desk.baseline, desk.directive.start or desk.directive.parent
    base = _base(baseline.snapshot, start.patch, baseline.recipe.sources, _libraries(desk))
    tree = base.edited(desk.edits) if desk.edits else base
    desk.notes["standing"] = (dict(desk.edits), tree)
    return tree


@lru_cache(maxsize=4)
def _base(snapshot: Snapshot, patch: str, sources: tuple[str, ...], libraries: tuple[Library, ...]) -> CodeTree:
    files = Workspace(snapshot, patch)

    def read(path: str) -> str | None:
        try:
            return files.read(path)
        except UserError:  # not text
            return None

    roots = [posixpath.normpath(posixpath.join(snapshot.subdirectory, source)) for source in (*sources, ".")]
    return CodeTree(files.files(), read, roots=[*roots, ""], libraries=libraries)


def _libraries(desk: Desk) -> tuple[Library, ...]:
    environment = desk.baseline.environment
    installed = sorted(environment.venv.glob("lib/python*/site-packages"))
    version = ".".join(environment.python_version.split(".")[:2])
    standard = Path(environment.interpreter, "lib", f"python{version}")
    return (
        *(Library("site-packages", folder) for folder in installed[:1]),
        *((Library(STANDARD, standard),) if version and standard.is_dir() else ()),
    )
