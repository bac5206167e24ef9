"""Which repository a folder belongs to."""

from pathlib import Path

from tools.errors import UserError
from tools.git.listing import TreeLimits
from tools.git.repository import Repository


def find_git(folder: Path) -> tuple[Path, Path | None] | None:
    """The git directory (or `.git` file) and the work tree that a folder belongs to; None where it belongs to none.

    A bare repository, which has no work tree, is taken only where it was named itself and stands in no checkout: one
    that lies inside a repository is a folder like any other. Raises UserError where permissions hide which it is.
    """
    for parent in (folder, *folder.parents):
        git = parent / ".git"
        try:
            if (git / "HEAD").is_file() or git.is_file():
                return git, parent
        except PermissionError as error:
            raise UserError(f"{git} cannot be read: permission denied.") from error
    bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()
    return (folder, None) if bare else None


def holds(repository: Repository, folder: str) -> bool:
    """Whether HEAD holds the folder; not so for one that was unpacked or made inside a checkout and never committed."""
    try:
        entries, _ = repository.entries(repository.resolve(None), TreeLimits().files)
    except UserError:
        return False
    return any(entry.path.startswith(f"{folder}/") for entry in entries)
