"""Real repositories, made in an instant."""

import os
import subprocess
from pathlib import Path

from tools.git.deliver import Commit
from tools.git.patch import Patch


class Checkout:
    """A git checkout with the few commands tests need."""

    def __init__(self, path: Path, *options: str) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        """Run git as a user would, with an identity and without the machine's configuration."""
        identity = {
            f"GIT_{role}_{part}": f"Test {part}" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
        }
        variables = {
            **{"PATH": os.environ["PATH"], "HOME": str(self.path.parent), "GIT_CONFIG_NOSYSTEM": "1"},
            **{"GIT_AUTHOR_DATE": "2024-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z"},
            **identity,
            **(env or {}),
        }
        done = subprocess.run(["git", *arguments], cwd=self.path, env=variables, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def write(self, path: str, content: str | bytes = "") -> Path:
        """Write a file of the work tree."""
        place = self.path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return place

    def commit(self, files: dict[str, str | bytes] | None = None) -> str:
        """Write the files and commit everything there is; the commit."""
        for path, content in (files or {}).items():
            self.write(path, content)
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "-m", "change", "--allow-empty")
        return self.git("rev-parse", "HEAD")


def fingerprint(folder: Path) -> dict[str, tuple[int, int, int, bytes]]:
    """Everything about a folder's files that a writer would change."""
    found = {}
    for place in sorted(folder.rglob("*")):
        status = place.lstat()
        content = place.read_bytes() if place.is_file() and not place.is_symlink() else b""
        found[str(place)] = (status.st_mode, status.st_mtime_ns, status.st_ino, content)
    return found


def commits(patch: Patch, message: str) -> tuple[Commit, ...]:
    """One commit to be."""
    return (Commit(patch=patch, message=message),)
