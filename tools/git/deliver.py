"""Delivering a patch: into the user's checkout, or as a branch. Only here is the user's own repository written."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tools.errors import UserError
from tools.git.checkout import find_git, holds
from tools.git.command import Git, GitFailedError
from tools.git.hunks import Patch, PatchError
from tools.git.listing import EXECUTABLE_MODE, FILE_MODE
from tools.git.patch_apply import Contents, apply_patch, patched
from tools.git.paths import shown
from tools.git.repository import open_repository
from tools.git.source import check_ref

FALLBACK_AUTHOR = {"NAME": "Hasten", "EMAIL": "hasten@localhost"}


def apply_to_checkout(path: Path, patch: Patch) -> tuple[str, ...]:
    """Write the patch into the checkout that holds `path` (or the plain folder itself); the paths it wrote, sorted.

    The index and all other files stay as they are. Raises UserError, with nothing written, where a file that it touches
    has uncommitted changes or the patch does not apply to what stands there.
    """
    folder = path.resolve()
    found = find_git(folder)
    root = folder
    if found is not None:
        git_dir, work_tree = found
        if work_tree is None:
            raise UserError(f"{path} is a bare repository: there is no checkout to apply the patch to.")
        changed = _uncommitted(git_dir, work_tree, folder)
        if changed is not None:
            root = work_tree
            _refuse_changed(changed, patch)
    contents = apply_patch(root, patch)
    _write_all(root, contents)
    return tuple(sorted(contents))


@dataclass(frozen=True, kw_only=True)
class Commit:
    """One commit to be: the whole tree it has, as a patch against the base, and its message."""

    patch: Patch
    message: str


def make_branch(path: Path, name: str, commits: Sequence[Commit], *, base: str | None = None) -> str:
    """Make a branch `name` of these commits on `base` (by default HEAD), each on the one before; the last commit.

    The user's work tree, index and current branch stay as they are; no hook runs, nothing is signed. Raises UserError
    where there is no repository, the branch exists, or a patch does not apply to `base`.
    """
    git = check_new_branch(path, name)
    git = replace(git, env=_identity(git))
    start = parent = _commit_of(git, base)
    for commit in commits:
        with _temporary_index(git) as indexed:
            indexed.run("read-tree", start)
            _put(indexed, commit.patch, nothing="0" * len(start))
            tree = indexed.line("write-tree", "--missing-ok")
        made = git.run("commit-tree", tree, "-p", parent, "-F", "-", stdin=commit.message.encode())
        parent = made.decode("ascii").strip()
    try:
        git.run("update-ref", "-m", "branch: made by hasten", f"refs/heads/{name}", parent, "0" * len(parent))
    except GitFailedError as error:
        raise UserError(f"The branch {name!r} could not be made: {error}.", status=422) from error
    return parent


def _uncommitted(git_dir: Path, work_tree: Path, folder: Path) -> tuple[str, ...] | None:
    """What is uncommitted in the checkout; None where the folder stands in it without belonging to it."""
    with (
        tempfile.TemporaryDirectory(prefix="hasten-") as scratch,
        open_repository(git_dir, work_tree, Path(scratch), git=Git()) as repository,
    ):
        belongs = folder == work_tree or holds(repository, folder.relative_to(work_tree).as_posix())
        return repository.uncommitted() if belongs else None


def _refuse_changed(changed: tuple[str, ...], patch: Patch) -> None:
    for path in patch.paths:
        if any(path == other or (other.endswith("/") and path.startswith(other)) for other in changed):
            raise UserError(
                f"{shown(path)} has uncommitted changes: commit or stash them before the patch is applied.", status=422
            )


def _write_all(root: Path, contents: Contents) -> None:
    """Write every new content aside first, then put all in place: a full disk or a kill leaves no half-written file."""
    aside: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            if content is not None:
                aside.append((_written_aside(root / path, content), root / path))
        for temporary, place in aside:
            temporary.replace(place)
    finally:
        for temporary, _ in aside:
            temporary.unlink(missing_ok=True)
    for path, content in contents.items():
        if content is None:
            (root / path).unlink()
            _remove_empty_folders(root, (root / path).parent)


def _written_aside(place: Path, content: bytes) -> Path:
    """A new file beside `place` with the content, and with its mode and owner, or the folder's owner."""
    _make_folder(place.parent)
    descriptor, name = tempfile.mkstemp(prefix=".hasten-", dir=place.parent)
    with open(descriptor, "wb") as file:
        file.write(content)
        model = place.stat() if place.exists() else None
        os.fchmod(file.fileno(), model.st_mode & 0o777 if model is not None else 0o644)
    _give_to_owner_of(place if model is not None else place.parent, Path(name))
    return Path(name)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir()
        _give_to_owner_of(folder.parent, folder)


def _give_to_owner_of(model: Path, place: Path) -> None:
    """What root makes in somebody's checkout is to be theirs."""
    if os.geteuid() == 0:
        status = model.stat()
        os.chown(place, status.st_uid, status.st_gid)


def check_new_branch(path: Path, name: str) -> Git:
    """The repository at `path`, where a branch `name` can be made; raises UserError where it cannot."""
    found = find_git(path.resolve())
    if found is None:
        raise UserError(f"{path} has no git repository, so no branch can be made in it.")
    git = Git(git_dir=found[0], owner=found[0], config=("i18n.commitEncoding=utf-8",))
    try:
        git.run("rev-parse", "--verify", "--quiet", f"refs/heads/{check_ref(name)}")
    except GitFailedError:
        return git
    raise UserError(f"The branch {name!r} exists already: name another one.", status=422)


def _remove_empty_folders(root: Path, folder: Path) -> None:
    with suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def _commit_of(git: Git, base: str | None) -> str:
    try:
        return git.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{base or 'HEAD'}^{{commit}}")
    except GitFailedError as error:
        raise UserError(f"The repository has no commit {base or 'HEAD'} to put the branch on.", status=422) from error


@contextmanager
def _temporary_index(git: Git) -> Iterator[Git]:
    """The same git with an index of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hasten-") as folder:
        if git.owner is not None:
            _give_to_owner_of(git.owner, Path(folder))
        yield replace(git, index=Path(folder) / "index")


def _put(indexed: Git, patch: Patch, *, nothing: str) -> None:
    """Put what the patch makes of the index's files into the index; raises PatchError where it does not apply."""
    modes: dict[str, str] = {}

    def read(path: str) -> bytes | None:
        listed = indexed.run("ls-files", "--stage", "-z", "--", path).split(b"\0")[0]
        described, _, name = listed.partition(b"\t")
        if name != os.fsencode(path):
            return None
        mode, oid, _ = described.decode("ascii").split()
        if mode not in (FILE_MODE, EXECUTABLE_MODE):
            raise PatchError(f"{shown(path)} is a link or a submodule: it cannot be patched.", path=path)
        modes[path] = mode
        return indexed.run("cat-file", "blob", oid)

    lines = []
    for path, content in patched(read, patch).items():
        if content is None:
            lines.append(f"0 {nothing}\t".encode() + os.fsencode(path))
        else:
            oid = indexed.run("hash-object", "-w", "--stdin", stdin=content).decode("ascii").strip()
            lines.append(f"{modes.get(path, FILE_MODE)} {oid}\t".encode() + os.fsencode(path))
    indexed.run("update-index", "-z", "--index-info", stdin=b"".join(line + b"\0" for line in lines))


def _identity(git: Git) -> dict[str, str]:
    """Author and committer, as the user's git configuration names them: `author.name` goes before `user.name`."""
    reader = replace(git, users_config=True)
    values = {}
    for part, fallback in FALLBACK_AUTHOR.items():
        for role in ("author", "committer"):
            names = (f"{role}.{part.lower()}", f"user.{part.lower()}")
            found = next((value for name in names if (value := _setting(reader, name))), fallback)
            values[f"GIT_{role.upper()}_{part}"] = found
    return values


def _setting(git: Git, name: str) -> str:
    try:
        return git.line("config", "--get", name)
    except GitFailedError:
        return ""
