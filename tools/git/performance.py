"""What a repository's own history says of speed: the commits before a snapshot that made something faster."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.errors import UserError
from tools.git.checkout import find_git
from tools.git.command import Git, GitFailedError
from tools.git.credentials import split_environment
from tools.git.mirror import open_mirror
from tools.git.repository import Repository, open_repository
from tools.git.snapshot import Snapshot
from tools.git.source import AT_HOME, Admission, LocalSource, RemoteSource, parse_source
from tools.git.trees import scratch_folder

WORDS = (
    r"\b(perf|perfs|performance|performant|speed|speeds|speedup|speedups|speed-up|fast|faster|fastpath|fast-path|slow|"
    r"slower|slowness|slowdown|optimi[sz]e|optimi[sz]es|optimi[sz]ed|optimi[sz]ing|optimi[sz]ations?|cache|caches|"
    r"cached|caching|memoi[sz]e[sd]?|memoi[sz]ation|quadratic|latency|throughput|hot path|bottleneck)\b"
)
MOST_SCANNED = 400
"""Commits whose subject is looked at, of those whose message has such a word."""
MOST_DIFF_BYTES = 1024 * 1024
FIELDS = "%H%x00%cs%x00%s%x00%b%x1e"


@dataclass(frozen=True, kw_only=True)
class PerformanceCommit:
    """One commit about speed."""

    commit: str
    """40 hexadecimal digits."""
    date: str
    """When it was committed, `2024-05-31`."""
    subject: str
    body: str
    """What the message says below the subject."""
    diff: str
    """Of the paths asked for, with little context."""


def performance_commits(
    repository: Repository, commit: str, paths: Sequence[str], most: int = 5
) -> tuple[PerformanceCommit, ...]:
    """The newest commits about speed that changed one of the paths (all for none), newest first.

    Only ancestors of `commit` and the commit itself: what came later would give away how the project went on. Merges
    and reverts are left out. Raises UserError where the repository does not have the commit.
    """
    arguments = (
        "log",
        f"--format={FIELDS}",
        "--no-merges",
        "-i",
        "-E",
        f"--grep={WORDS}",
        f"--max-count={MOST_SCANNED}",
    )
    try:
        listed = repository.objects.run(*arguments, commit, "--", *paths)
    except GitFailedError as error:
        raise UserError(f"The history of {commit[:12]} cannot be read: {error}.", status=422) from error
    said = re.compile(WORDS, re.IGNORECASE)
    entries = [os.fsdecode(entry).strip("\n").split("\0") for entry in listed.split(b"\x1e") if entry.strip()]
    wanted = [entry for entry in entries if len(entry) == 4 and not entry[2].startswith("Revert ")]
    # Those that say it in their subject are about it; others mention it.
    wanted.sort(key=lambda entry: said.search(entry[2]) is None)
    chosen = wanted[:most]
    return tuple(
        PerformanceCommit(commit=oid, date=date, subject=subject, body=body.strip(), diff=_diff(repository, oid, paths))
        for oid, date, subject, body in sorted(chosen, key=entries.index)
    )


@contextmanager
def open_history(
    snapshot: Snapshot, *, home: Path, extra_env: Mapping[str, str] | None = None, admission: Admission = AT_HOME
) -> Iterator[Repository]:
    """The repository that a snapshot was taken from, with the history of its commit, fetched where it is not here yet.

    Raises UserError where the snapshot has no history (an archive, a folder without git), InfrastructureError where
    the network fails.
    """
    if snapshot.commit.startswith("tree:"):
        raise UserError(f"{snapshot.source} has no git history: it is an archive or a folder of files.", status=404)
    plain, credentials = split_environment(extra_env or {}, helper=admission.helper)
    git = Git(env=plain)
    place = parse_source(snapshot.source, admission)
    if isinstance(place, RemoteSource):
        with open_mirror(place, home, git=git, credentials=credentials, private=admission.private) as mirror:
            mirror.fetch(snapshot.commit)
            mirror.fetch_history()
            yield mirror.repository
        return
    found = find_git(place.path.resolve()) if isinstance(place, LocalSource) else None
    if found is None:
        raise UserError(f"{snapshot.source} has no git history any more.", status=404)
    with scratch_folder(home) as scratch, open_repository(*found, scratch, git=git) as repository:
        yield repository


def _diff(repository: Repository, commit: str, paths: Sequence[str]) -> str:
    flags = ("--format=", "--unified=2", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames")
    shown = repository.objects.run("show", *flags, commit, "--", *paths, most_output_bytes=MOST_DIFF_BYTES)
    return shown.decode("utf-8", "replace").strip("\n")
