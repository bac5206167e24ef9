"""A git repository on this host, read without running or trusting anything in it.

A repository's own configuration can name commands (fsmonitor, filters, hooks, transports). It is therefore loaded only
to resolve names to commits, which runs none of them. Objects, and the state of a checkout, are read through a git
directory of our own that has no configuration and borrows the repository's objects.
"""

import difflib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from tools.errors import UserError
from tools.git.command import Git, GitFailedError
from tools.git.listing import EXECUTABLE_MODE, FILE_MODE, LINK_MODE, DamagedError, Entry
from tools.git.paths import shown

CHUNK_BYTES = 1 << 20
MOST_REFS_NAMED = 5
SUBMODULE_MODE = "160000"
INERT_SETTINGS = {
    "core.autocrlf": {"true", "false", "input"},
    "core.eol": {"lf", "crlf", "native"},
    "core.filemode": {"true", "false"},
    "core.symlinks": {"true", "false"},
    "core.ignorecase": {"true", "false"},
    "core.sparsecheckout": {"true", "false"},
}
"""Settings that change what counts as modified and can run nothing; all others of a repository are ignored."""


@dataclass(frozen=True, kw_only=True)
class Repository:
    """Reads one repository; open it with `open_repository`, or on a mirror of our own directly."""

    names: Git
    """Resolves names; against the repository's own directory."""
    objects: Git
    """Reads everything else; against a directory without foreign configuration."""
    work_tree: Path | None = None
    hash_name: str = "sha1"

    def resolve(self, ref: str | None) -> str:
        """The commit of a branch, tag or commit name, HEAD for None; raises UserError where there is none."""
        candidates = ("HEAD",) if ref is None else (ref, f"refs/remotes/origin/{ref}")
        for name in candidates:
            try:
                return self.names.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
            except GitFailedError:
                continue
        if ref is None:
            raise UserError(self._why_no_head())
        place = self.work_tree or self.names.git_dir
        raise UserError(f"There is no branch, tag or commit {ref!r} in {place}{self._near(ref)}.", status=404)

    def entries(self, commit: str, most: int) -> tuple[list[Entry], list[str]]:
        """Files and links of a commit, and a note for each submodule.

        Raises UserError where objects are missing, and where there are more than `most`: a tree of a few kilobytes can
        list the same files without end.
        """
        entries, notes = [], []
        try:
            listed = self.objects.run("ls-tree", "-r", "-z", "-l", "--full-tree", commit, most_entries=most)
        except GitFailedError as error:
            raise _incomplete(commit) from error
        for line in listed.split(b"\0")[:-1]:
            described, _, name = line.partition(b"\t")
            mode, _, oid, size = described.decode("ascii").split()
            path = os.fsdecode(name)
            if mode == SUBMODULE_MODE:
                notes.append(f"The submodule {shown(path)} is not followed.")
            elif size == "BAD":
                raise _incomplete(commit)
            else:
                mode = mode if mode in (LINK_MODE, EXECUTABLE_MODE) else FILE_MODE
                entries.append(Entry(path=path, mode=mode, oid=oid, size_bytes=int(size)))
        return entries, notes

    @contextmanager
    def blobs(self, entries: Sequence[Entry]) -> Iterator[Iterable[tuple[Entry, Iterable[bytes]]]]:
        """Entries with their contents in chunks, to be consumed in order; raises UserError where one is missing."""
        wanted = "".join(f"{entry.oid}\n" for entry in entries).encode("ascii")
        with self.objects.stream("cat-file", "--batch", stdin=wanted) as stream:
            yield ((entry, _one_blob(stream, entry)) for entry in entries)

    def tags(self, commit: str) -> list[str]:
        """Names of the tags that the commit descends from or is."""
        listed = self.names.run("for-each-ref", "--format=%(refname:strip=2)", f"--merged={commit}", "refs/tags")
        return os.fsdecode(listed).splitlines()

    def uncommitted(self) -> tuple[str, ...]:
        """Paths of the checkout that differ from its HEAD or are untracked and not ignored; folders end in `/`.

        Files behind a filter (Git LFS) cannot be compared without running it and are not named.
        """
        if self.work_tree is None:
            return ()
        try:
            head = self.resolve(None)
        except UserError:
            return ()
        settings = self._inert_settings()
        git_dir = self.objects.git_dir
        assert git_dir is not None
        (git_dir / "HEAD").write_text(f"{head}\n", encoding="ascii")
        config = [f"core.excludesFile={self._path('info/exclude')}", *(f"{k}={v}" for k, v in settings.items())]
        status = replace(
            self.objects, work_tree=self.work_tree, index=git_dir / "index", config=(*self.objects.config, *config)
        )
        status.run("read-tree", head)
        flags = ("--porcelain=v1", "-z", "--untracked-files=normal", "--ignore-submodules=all", "--no-renames")
        lines = [os.fsdecode(line) for line in status.run("status", *flags).split(b"\0") if line]
        if settings.get("core.sparsecheckout") == "true":
            lines = [line for line in lines if line[1] != "D"]
        changed = [line[3:] for line in lines if line[:2] != "??"]
        filtered = _filtered(status, changed)
        named = {line[3:] for line in lines if line[3:] not in filtered}
        return tuple(sorted(named | self._staged(git_dir, head)))

    def _staged(self, git_dir: Path, head: str) -> set[str]:
        """What the checkout's own index, of which a copy is read, holds otherwise than its HEAD."""
        index = Path(self._path("index"))
        if not index.is_file():
            return set()
        for file in (index, *index.parent.glob("sharedindex.*")):
            shutil.copyfile(file, git_dir / ("copied-index" if file == index else file.name))
        try:
            copied = replace(self.objects, index=git_dir / "copied-index")
            listed = copied.run(
                "diff-index", "--cached", "--name-only", "--no-renames", "-z", "--ignore-submodules", head
            )
        except GitFailedError as error:
            raise UserError(f"The index of {self.work_tree} cannot be read: {error}.", status=422) from error
        return {os.fsdecode(path) for path in listed.split(b"\0") if path}

    def _path(self, name: str) -> str:
        return self.names.line("rev-parse", "--path-format=absolute", "--git-path", name)

    def _inert_settings(self) -> dict[str, str]:
        found = {}
        for name, allowed in INERT_SETTINGS.items():
            try:
                value = self.names.line("config", "--file", self._path("config"), "--no-includes", "--get", name)
            except GitFailedError:
                continue
            if value.lower() in allowed:
                found[name] = value.lower()
        return found

    def _why_no_head(self) -> str:
        place = self.work_tree or self.names.git_dir
        if self.names.run("for-each-ref", "--count=1"):
            return f"HEAD of {place} names no commit: check out a branch, or name one as the ref."
        return f"The repository {place} has no commit yet: commit the files first."

    def _near(self, ref: str) -> str:
        listed = os.fsdecode(self.names.run("for-each-ref", "--format=%(refname:strip=2)"))
        names = listed.splitlines()
        near = difflib.get_close_matches(ref, names, n=3)
        if near:
            return f"; did you mean {', '.join(near)}"
        return f"; it has {', '.join(names[:MOST_REFS_NAMED])}" if names else ""


@contextmanager
def open_repository(git_dir: Path, work_tree: Path | None, scratch: Path, *, git: Git) -> Iterator[Repository]:
    """Open the repository whose git directory (or `.git` file) is given; `scratch` is an empty folder of ours.

    Raises UserError where it is not a repository or borrows objects from elsewhere.
    """
    names = replace(git, git_dir=git_dir)
    try:
        objects = Path(names.line("rev-parse", "--path-format=absolute", "--git-path", "objects"))
        hash_name = names.line("rev-parse", "--show-object-format")
    except GitFailedError as error:
        raise UserError(
            f"{git_dir} is not a git repository that can be read; `git status` there says what is wrong.", status=422
        ) from error
    if (objects / "info" / "alternates").exists():
        raise UserError(
            f"{work_tree or git_dir} borrows objects from another repository (objects/info/alternates), which is not "
            "followed: run `git repack -a -d` in it and remove that file.",
            status=422,
        )
    view = _make_view(scratch, objects, hash_name)
    yield Repository(names=names, objects=replace(git, git_dir=view), work_tree=work_tree, hash_name=hash_name)


def _make_view(scratch: Path, objects: Path, hash_name: str) -> Path:
    """A git directory without configuration that borrows a repository's objects and keeps what is written to itself."""
    if "\n" in str(objects):
        raise UserError("The repository's path holds a line break.")
    view = scratch / "view"
    (view / "objects" / "info").mkdir(parents=True)
    (view / "refs").mkdir()
    (view / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
    version, extension = (0, "") if hash_name == "sha1" else (1, f"[extensions]\n\tobjectFormat = {hash_name}\n")
    (view / "config").write_text(f"[core]\n\trepositoryFormatVersion = {version}\n{extension}", encoding="ascii")
    (view / "objects" / "info" / "alternates").write_bytes(os.fsencode(objects) + b"\n")
    return view


def _one_blob(stream: IO[bytes], entry: Entry) -> Iterator[bytes]:
    header = stream.readline()
    if header.split() != [entry.oid.encode("ascii"), b"blob", str(entry.size_bytes).encode("ascii")]:
        raise DamagedError(f"The repository lacks the content of {shown(entry.path)}: fetch it completely.", status=422)
    left = entry.size_bytes
    while left:
        chunk = stream.read(min(left, CHUNK_BYTES))
        if not chunk:
            raise DamagedError(f"The content of {shown(entry.path)} could not be read to its end.", status=422)
        left -= len(chunk)
        yield chunk
    stream.read(1)


def _filtered(status: Git, paths: Sequence[str]) -> set[str]:
    """Those of the paths that a filter stands before, by the checkout's attributes."""
    if not paths:
        return set()
    listed = b"".join(os.fsencode(path) + b"\0" for path in paths)
    fields = status.run("check-attr", "-z", "--stdin", "filter", stdin=listed).split(b"\0")[:-1]
    triples = zip(fields[::3], fields[2::3], strict=True)
    return {os.fsdecode(path) for path, value in triples if value not in (b"unspecified", b"unset")}


def _incomplete(commit: str) -> DamagedError:
    return DamagedError(f"The repository lacks objects of commit {commit[:12]}: fetch it completely.", status=422)
