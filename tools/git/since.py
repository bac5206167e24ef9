"""What a branch changed: the Python files that differ between a commit and where it left another ref."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.errors import UserError
from tools.git.checkout import find_git
from tools.git.command import Git, GitFailedError
from tools.git.credentials import split_environment
from tools.git.mirror import open_mirror
from tools.git.repository import Repository, open_repository
from tools.git.source import AT_HOME, Admission, LocalSource, RemoteSource, check_ref, parse_source
from tools.git.trees import scratch_folder

MOST_FILES = 2000
MOST_FILE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Since:
    """The files that a commit changed since the merge base with a ref."""

    base: str
    """The merge base's commit."""
    before: Mapping[str, bytes | None]
    """Python files that differ, by path, as they were at the merge base; None for one that is new."""


def changed_since(
    source: str,
    since: str,
    commit: str,
    *,
    home: Path,
    extra_env: Mapping[str, str] | None = None,
    admission: Admission = AT_HOME,
) -> Since:
    """Python files changed between the merge base of `since` and `commit`, and `commit` itself.

    Raises UserError where the source has no git history, the ref is unknown or has nothing in common with the commit.
    """
    check_ref(since)
    if commit.startswith("tree:"):
        raise UserError(f"--since needs a git history, and {source} has none; leave --since out")
    with _opened(source, since, home, extra_env or {}, admission=admission) as (repository, other):
        try:
            base = repository.objects.line("merge-base", other, commit)
        except GitFailedError as error:
            raise UserError(
                f"{since} and the commit {commit[:12]} have no history in common, so nothing can be said to have "
                "changed since; name a ref that the branch came from"
            ) from error
        return Since(base=base, before=_before(repository, base, commit))


@contextmanager
def _opened(
    source: str, since: str, home: Path, env: Mapping[str, str], *, admission: Admission
) -> Iterator[tuple[Repository, str]]:
    """The repository with its history, and the commit that `since` names."""
    plain, credentials = split_environment(env, helper=admission.helper)
    git = Git(env=plain)
    place = parse_source(source, admission)
    if isinstance(place, RemoteSource):
        with open_mirror(place, home, git=git, credentials=credentials, private=admission.private) as mirror:
            other = mirror.fetch(since)
            mirror.fetch_history()
            yield mirror.repository, other
        return
    found = find_git(place.path.resolve()) if isinstance(place, LocalSource) else None
    if found is None:
        raise UserError(f"--since needs a git history, and {source} has none; leave --since out")
    with scratch_folder(home) as scratch, open_repository(*found, scratch, git=git) as repository:
        yield repository, repository.resolve(since)


def _before(repository: Repository, base: str, commit: str) -> dict[str, bytes | None]:
    listed = repository.objects.run("diff-tree", "-r", "-z", "--no-renames", "--name-status", base, commit)
    fields = [os.fsdecode(field) for field in listed.split(b"\0") if field]
    pairs = [(status, path) for status, path in zip(fields[::2], fields[1::2], strict=True) if path.endswith(".py")]
    before: dict[str, bytes | None] = {}
    for status, path in pairs[:MOST_FILES]:
        if status in ("M", "T"):
            before[path] = repository.objects.run(
                "cat-file", "blob", f"{base}:{path}", most_output_bytes=MOST_FILE_BYTES
            )
        elif status == "A":
            before[path] = None
    return before
