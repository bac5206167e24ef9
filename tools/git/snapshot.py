"""A repository at one commit, and its files on disk without their git directory."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A repository at one commit."""

    source: str
    """As the user named it: a path or an https URL without credentials."""
    commit: str
    """40 hexadecimal digits; for a folder without git, `tree:` and the hash of its files."""
    subdirectory: str = ""
    """Where the project stands inside the repository, with forward slashes; empty for its root."""
    tree: Path
    """The repository's files on this host, never written after they were laid out."""
    version: str = "0.0.0"
    """What version tools are told: the newest tag's or the package metadata's, for there is no git directory."""
    uncommitted: tuple[str, ...] = ()
    """Paths of the project changed or untracked in the user's checkout; they are not part of the snapshot."""
    notes: tuple[str, ...] = ()
    """What was left out or kept as it is (submodules, links that lead out, LFS pointers), a sentence each."""

    @property
    def project(self) -> Path:
        """The folder of the project itself."""
        return self.tree / self.subdirectory
