"""Taking a snapshot: from whatever the user named to a project at one commit, laid out on this host."""

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.errors import UserError
from tools.git.archive import unpack_archive
from tools.git.checkout import find_git, holds
from tools.git.command import Git
from tools.git.credentials import Credentials, split_environment
from tools.git.folder import HASH_NAME, folder_blobs, folder_entries
from tools.git.listing import DamagedError, Entry, TreeLimits, check_listing, listing_digest, write_entries
from tools.git.mirror import open_mirror
from tools.git.package_index import fetch_release
from tools.git.paths import shown
from tools.git.remote_archive import check_digest, fetch_archive
from tools.git.repository import Repository, open_repository
from tools.git.snapshot import Snapshot
from tools.git.source import (
    ARCHIVE_SUFFIXES,
    AT_HOME,
    Admission,
    ArchiveSource,
    LocalSource,
    ReleaseSource,
    RemoteArchive,
    RemoteSource,
    check_ref,
    check_subdirectory,
    parse_source,
)
from tools.git.trees import place_tree, scratch_folder, tree_notes
from tools.git.version import version_of
from tools.network.transfer import Transfer

MOST_UNCOMMITTED = 1000


@dataclass(frozen=True, kw_only=True)
class Taking:
    """How snapshots are taken on this host."""

    home: Path
    """Where mirrors and trees are kept."""
    git: Git
    limits: TreeLimits
    admission: Admission
    credentials: Credentials = field(default_factory=Credentials)
    index_env: Mapping[str, str] = field(default_factory=dict, repr=False)


def take_snapshot(
    source: str,
    *,
    ref: str | None = None,
    subdirectory: str = "",
    home: Path,
    extra_env: Mapping[str, str] | None = None,
    index_env: Mapping[str, str] | None = None,
    admission: Admission = AT_HOME,
    limits: TreeLimits | None = None,
    timeout_s: float = 600.0,
) -> Snapshot:
    """Lay out the repository that `source` names, at `ref` (by default its HEAD), under `home`.

    `source` is a folder, an archive, an https URL of a repository or an archive, or `pypi:NAME==VERSION`; a folder that
    no commit holds is taken as it stands. `subdirectory` is where the project stands below it. `extra_env` are
    variables for git's transport (GIT_SSL_CAINFO, HTTPS_PROXY) and the user's credentials (`credentials.VARIABLES`);
    `index_env` says where packages come from. `admission` says what may be named. Nothing of the
    repository is run, and it is never written.

    Raises UserError, one sentence, where the request cannot be met; InfrastructureError where the host or the network
    fails.
    """
    place = parse_source(source, admission)
    subdirectory = check_subdirectory(subdirectory)
    plain, credentials = split_environment(extra_env or {}, helper=admission.helper)
    taking = Taking(
        home=home,
        git=Git(env=plain, timeout_s=timeout_s),
        limits=limits or TreeLimits(),
        admission=admission,
        credentials=credentials,
        index_env=index_env or {},
    )
    if ref is not None:
        check_ref(ref)
    if isinstance(place, ArchiveSource | RemoteArchive | ReleaseSource):
        return _from_archive(taking, source, place, ref, subdirectory)
    if isinstance(place, RemoteSource):
        return _from_mirror(taking, source, place, ref, subdirectory)
    return _from_local(taking, source, place, ref, subdirectory)


def _from_mirror(taking: Taking, source: str, place: RemoteSource, ref: str | None, subdirectory: str) -> Snapshot:
    with open_mirror(
        place, taking.home, git=taking.git, credentials=taking.credentials, private=taking.admission.private
    ) as mirror:
        commit = mirror.fetch(ref)
        try:
            tree, notes = _lay_out(taking, mirror.repository, commit, subdirectory)
        except DamagedError:
            mirror.discard()
            tree, notes = _lay_out(taking, mirror.repository, mirror.fetch(commit), subdirectory)
        version = version_of(mirror.tags(commit), tree / subdirectory, other_tags=mirror.all_tags())
    return Snapshot(
        source=source,
        commit=commit,
        subdirectory=subdirectory,
        tree=tree,
        version=version,
        notes=notes,
    )


def _from_archive(
    taking: Taking,
    source: str,
    place: ArchiveSource | RemoteArchive | ReleaseSource,
    ref: str | None,
    subdirectory: str,
) -> Snapshot:
    if ref is not None:
        raise UserError(f"{source} is an archive, so it has no ref {ref!r}: leave the ref out.")
    with scratch_folder(taking.home) as scratch:
        archive, digest = _archive(taking, place, scratch)
        unpacked = scratch / "unpacked"
        unpacked.mkdir()
        notes = unpack_archive(archive, unpacked, taking.limits)
        top = _top_folder(archive.name, unpacked, subdirectory)
        snapshot = _from_folder(taking, source, top, subdirectory)
    return replace(snapshot, notes=(f"{archive.name} has the SHA-256 {digest}.", *notes, *snapshot.notes))


def _archive(taking: Taking, place: ArchiveSource | RemoteArchive | ReleaseSource, scratch: Path) -> tuple[Path, str]:
    """The archive on this host and its SHA-256; what had to be fetched stands in the scratch folder."""
    match place:
        case ArchiveSource(path=path):
            if not os.access(path, os.R_OK):
                raise UserError(f"The archive {path} cannot be read: permission denied.")
            return path, check_digest(path, None)
        case RemoteArchive():
            file = fetch_archive(
                place,
                scratch,
                Transfer(env=taking.git.env),
                taking.credentials,
                private=taking.admission.private,
            )
            return file, check_digest(file, place.sha256)
        case ReleaseSource():
            fetched = fetch_release(place, scratch, taking.index_env)
            return fetched.file, fetched.sha256


def _top_folder(name: str, unpacked: Path, subdirectory: str) -> Path:
    """The folder that an archive holds its project in: its only one, or its root."""
    found = sorted(unpacked.iterdir())
    folders = [path for path in found if path.is_dir() and not path.is_symlink()]
    if len(found) == 1 and folders:
        return folders[0]
    if not found:
        raise UserError(f"{name} holds no files.", status=422)
    if len(folders) > 1 and len(folders) == len(found) and not subdirectory:
        listed = ", ".join(shown(path.name) for path in folders[:5])
        raise UserError(f"{name} holds several folders ({listed}): name the project's with --subdirectory.", status=422)
    return unpacked


def _from_local(taking: Taking, source: str, place: LocalSource, ref: str | None, subdirectory: str) -> Snapshot:
    folder = _checked_folder(place.path)
    found = find_git(folder)
    if found is None:
        if ref is not None:
            raise UserError(f"{source} has no git repository, so it has no ref {ref!r}.")
        return _from_folder(taking, source, folder, subdirectory)
    git_dir, work_tree = found
    relative = "." if work_tree is None else folder.relative_to(work_tree).as_posix()
    below = "" if relative == "." else relative
    with (
        scratch_folder(taking.home) as scratch,
        open_repository(git_dir, work_tree, scratch, git=taking.git) as repository,
    ):
        untracked = below and ref is None and not holds(repository, below)
        if not untracked:
            return _from_checkout(taking, source, repository, ref, "/".join(filter(None, (below, subdirectory))))
    return _from_folder(taking, source, folder, subdirectory)


def _from_checkout(taking: Taking, source: str, repository: Repository, ref: str | None, subdirectory: str) -> Snapshot:
    commit = repository.resolve(ref)
    tree, notes = _lay_out(taking, repository, commit, subdirectory)
    inside = f"{subdirectory}/" if subdirectory else ""
    uncommitted = [path for path in repository.uncommitted() if path.startswith(inside) or inside.startswith(path)]
    return Snapshot(
        source=source,
        commit=commit,
        subdirectory=subdirectory,
        tree=tree,
        version=version_of(repository.tags(commit), tree / subdirectory),
        uncommitted=tuple(shown(path) for path in uncommitted[:MOST_UNCOMMITTED]),
        notes=notes,
    )


def _from_folder(taking: Taking, source: str, folder: Path, subdirectory: str) -> Snapshot:
    entries, notes = folder_entries(folder, taking.limits)
    check_listing(entries, taking.limits)
    _check_subdirectory_exists(subdirectory, entries)
    digest = listing_digest(entries)

    def write(root: Path) -> Sequence[str]:
        return write_entries(root, folder_blobs(folder, entries), hash_name=HASH_NAME)

    tree = place_tree(taking.home, digest, write)
    return Snapshot(
        source=source,
        commit=f"tree:{digest[:40]}",
        subdirectory=subdirectory,
        tree=tree,
        version=version_of((), tree / subdirectory),
        notes=(*notes, *tree_notes(tree)),
    )


def _checked_folder(path: Path) -> Path:
    if not os.path.exists(path):
        raise UserError(f"There is no folder {path}.", status=404)
    if not path.is_dir():
        raise UserError(f"{path} is a file: name a folder, or an archive ({', '.join(ARCHIVE_SUFFIXES)}).")
    if not os.access(path, os.R_OK | os.X_OK):
        raise UserError(f"The folder {path} cannot be read: permission denied.")
    return path.resolve()


def _lay_out(taking: Taking, repository: Repository, commit: str, subdirectory: str) -> tuple[Path, tuple[str, ...]]:
    """The commit's tree on this host and what was noted about it."""
    entries, notes = repository.entries(commit, taking.limits.files)
    check_listing(entries, taking.limits)
    _check_subdirectory_exists(subdirectory, entries)

    def write(root: Path) -> Sequence[str]:
        with repository.blobs(entries) as blobs:
            return write_entries(root, blobs, hash_name=repository.hash_name)

    tree = place_tree(taking.home, listing_digest(entries), write)
    return tree, (*notes, *tree_notes(tree))


def _check_subdirectory_exists(subdirectory: str, entries: Iterable[Entry]) -> None:
    if not subdirectory:
        return
    folders = {os.path.dirname(entry.path) for entry in entries}
    if not any(folder == subdirectory or folder.startswith(f"{subdirectory}/") for folder in folders):
        near = difflib.get_close_matches(subdirectory, [shown(folder) for folder in folders], n=3)
        hint = f"; did you mean {', '.join(near)}" if near else "; the path begins at the repository's root"
        raise UserError(f"The repository has no folder {subdirectory!r}{hint}.", status=404)
