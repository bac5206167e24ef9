"""Remote repositories, kept on this host: one bare mirror for each URL, fetched when a commit is not there yet."""

import difflib
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.errors import HastenError, InfrastructureError, UserError
from tools.git.command import Git, GitFailedError
from tools.git.credentials import Credentials
from tools.git.repository import Repository
from tools.git.source import RemoteSource
from tools.network.address import checked_addresses

MIB = 1024 * 1024
MOST_MIRROR_BYTES = 4096 * MIB
MOST_ADVERTISED_BYTES = 64 * MIB
ADVERTISED = "hasten-advertised"
FULL_COMMIT = re.compile(r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")
ABBREVIATED_COMMIT = re.compile(r"^[0-9a-f]{7,63}$")
EVERYTHING = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
PROXIES = frozenset({"https_proxy", "all_proxy"})


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """One remote repository, as far as it was fetched; open it with `open_mirror`, which holds its lock."""

    source: RemoteSource
    folder: Path
    git: Git
    private: bool
    credentials: Credentials
    _signed_in: dict[str, str] = field(default_factory=dict, repr=False)
    """What git's environment holds once the host has asked for credentials."""

    @property
    def repository(self) -> Repository:
        """Reads what was fetched."""
        hash_name = self.git.line("rev-parse", "--show-object-format")
        return Repository(names=self.git, objects=self.git, hash_name=hash_name)

    def fetch(self, ref: str | None) -> str:
        """The commit of a branch, tag or commit name (the remote's HEAD for None), fetched where it is not here yet.

        The network is not used at all for a full commit name that is here. Raises UserError where the remote or the ref
        does not exist, InfrastructureError where the network fails.
        """
        if ref is not None and FULL_COMMIT.match(ref) and self._is_complete(ref):
            return ref
        try:
            return self._fetch(ref)
        except GitFailedError:
            # What is here may be broken; what the remote says of a fresh mirror is final.
            self.discard()
        try:
            return self._fetch(ref)
        except GitFailedError as error:
            raise InfrastructureError(f"{self.source.url} could not be fetched: {_last_line(error)}.") from error

    def fetch_history(self) -> None:
        """What the commits here descend from, where it was left out; raises as `fetch` does."""
        if not (self.folder / "shallow").exists():
            return
        try:
            self._fetch_all()
        except GitFailedError as error:
            raise InfrastructureError(f"{self.source.url} could not be fetched: {_last_line(error)}.") from error

    def discard(self) -> None:
        """Start again with an empty mirror."""
        shutil.rmtree(self.folder)
        _make(self.git)

    def tags(self, commit: str) -> list[str]:
        """Names of the tags on the commit, or else of those it descends from where its history is here."""
        own = [name for name, oid in self._tagged().items() if oid == commit]
        return own or ([] if (self.folder / "shallow").exists() else self.repository.tags(commit))

    def all_tags(self) -> list[str]:
        """Names of all tags, as the remote last said."""
        return list(self._tagged())

    def _fetch(self, ref: str | None) -> str:
        advertised = self._advertise()
        commit = _named(ref, advertised)
        if commit is None:
            commit = self._search_history(ref or "HEAD", advertised)
        elif not self._is_complete(commit):
            self._fetch_commit(commit)
        self.git.run("update-ref", "--no-deref", f"refs/hasten/{commit}", commit)
        return commit

    def _tagged(self) -> dict[str, str]:
        """Tags and the commits they come down to."""
        found = self._last_advertised()
        names = [name for name in found if name.startswith("refs/tags/") and not name.endswith("^{}")]
        return {name.removeprefix("refs/tags/"): found.get(f"{name}^{{}}", found[name]) for name in names}

    def _advertise(self) -> dict[str, str]:
        listed = self._over_network("ls-remote", "--", self.source.url, most_output_bytes=MOST_ADVERTISED_BYTES)
        (self.folder / ADVERTISED).write_bytes(listed)
        return self._last_advertised()

    def _last_advertised(self) -> dict[str, str]:
        """Names and what they point at, as the remote last said."""
        try:
            listed = os.fsdecode((self.folder / ADVERTISED).read_bytes())
        except FileNotFoundError:
            return {}
        pairs = (line.split("\t", 1) for line in listed.splitlines() if "\t" in line)
        return {name: oid for oid, name in pairs if FULL_COMMIT.match(oid)}

    def _fetch_commit(self, commit: str) -> None:
        """Fetch one commit without its history; all of it where the remote gives no single commits."""
        try:
            self._over_network("fetch", "--depth=1", "--no-tags", "--", self.source.url, commit)
        except GitFailedError:
            self._fetch_all()
        if self._is_complete(commit):
            return
        if commit in self._last_advertised().values():
            raise InfrastructureError(f"{self.source.url} did not send commit {commit[:12]}.", retryable=True)
        raise UserError(f"{self.source.url} has no commit {commit}.", status=404)

    def _fetch_all(self) -> None:
        deepen = ("--unshallow",) if (self.folder / "shallow").exists() else ()
        self._over_network("fetch", *deepen, "--no-tags", "--", self.source.url, *EVERYTHING)

    def _search_history(self, ref: str, advertised: Mapping[str, str]) -> str:
        """A commit that no branch or tag points at: named by its digits, so the whole history is fetched."""
        if ABBREVIATED_COMMIT.match(ref):
            try:
                return self.repository.resolve(ref)
            except UserError:
                self._fetch_all()
                return self.repository.resolve(ref)
        if not advertised:
            raise UserError(f"The repository {self.source.url} has no commit yet.", status=422)
        names = [name.split("/", 2)[-1] for name in advertised if name.startswith(("refs/heads/", "refs/tags/"))]
        near = difflib.get_close_matches(ref, names, n=3)
        hint = f"; did you mean {', '.join(near)}" if near else ""
        raise UserError(f"{self.source.url} has no branch, tag or commit {ref!r}{hint}.", status=404)

    def _is_complete(self, commit: str) -> bool:
        """Whether the commit and all its files are here."""
        try:
            self.git.run("rev-list", "--objects", "--no-walk", "--quiet", commit)
        except GitFailedError:
            return False
        return True

    def _over_network(self, *arguments: str, most_output_bytes: int = MIB) -> bytes:
        """Run a git command that talks to the remote, whose addresses are checked and pinned each time."""
        git = replace(self.git, config=(*self.git.config, *self._pins()), env={**self.git.env, **self._signed_in})
        try:
            return git.run(*arguments, most_output_bytes=most_output_bytes, watch=self._watch_size)
        except GitFailedError as error:
            if not REFUSED.search(error.stderr):
                explained = _explained(self.source, error.stderr)
                if explained is None:
                    raise
                raise explained from error
            if self._signed_in or not self._sign_in():
                told = self.credentials.refused(self.source, "repository", tried=bool(self._signed_in))
                raise UserError(told, status=404) from error
        return self._over_network(*arguments, most_output_bytes=most_output_bytes)

    def _sign_in(self) -> bool:
        """Whether there are credentials for the host, which git is given from now on."""
        authorization = self.credentials.authorization(self.source)
        if authorization is not None:
            self._signed_in.update(self.credentials.environment(self.source, authorization))
        return authorization is not None

    def _pins(self) -> tuple[str, ...]:
        proxied = bool(PROXIES & {name.lower() for name, value in self.git.env.items() if value})
        addresses = checked_addresses(self.source.host, self.source.port, private=self.private, proxied=proxied)
        return (pinned(self.source, addresses),) if addresses else ()

    def _watch_size(self) -> None:
        size_bytes = sum(_size_bytes(file) for file in (self.folder / "objects" / "pack").glob("*"))
        if size_bytes > MOST_MIRROR_BYTES:
            raise UserError(f"The repository is too large: over {MOST_MIRROR_BYTES // MIB} MiB to fetch.", status=422)


@contextmanager
def open_mirror(
    source: RemoteSource, home: Path, *, git: Git, credentials: Credentials, private: bool
) -> Iterator[Mirror]:
    """The mirror of a remote under `home`, made or mended where needed, held by one process at a time."""
    mirrors = home / "mirrors"
    mirrors.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(source.url.encode()).hexdigest()[:40]
    folder = mirrors / digest
    lock = os.open(mirrors / f"{digest}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # git inherits the lock: where we are killed, the next one waits until the last git of ours has ended.
        ours = replace(git, git_dir=folder, keep_open=(*git.keep_open, lock))
        _mend(folder, ours)
        yield Mirror(source=source, folder=folder, git=ours, private=private, credentials=credentials)
    finally:
        os.close(lock)


def _mend(folder: Path, git: Git) -> None:
    """Make the mirror where there is none or only part of one; remove what a killed git left in it."""
    try:
        git.run("rev-parse", "--git-dir")
    except GitFailedError:
        shutil.rmtree(folder, ignore_errors=True)
        _make(git)
    # We hold the lock and so did every git that ever ran here: nobody needs these any more.
    for left in (*folder.rglob("*.lock"), *folder.glob("objects/**/tmp_*")):
        left.unlink(missing_ok=True)


def pinned(source: RemoteSource, addresses: tuple[str, ...]) -> str:
    """The git setting that makes its transport connect to these very addresses, whatever the name resolves to later."""
    listed = ",".join(f"[{address}]" if ":" in address else address for address in addresses)
    return f"http.curloptResolve={source.host}:{source.port}:{listed}"


def _make(git: Git) -> None:
    git.run("init", "--quiet", "--bare", "--template=")


def _named(ref: str | None, advertised: Mapping[str, str]) -> str | None:
    """What the remote says a name points at: HEAD, a tag, a branch, or a commit by all of its digits."""
    if ref is None:
        return advertised.get("HEAD")
    for name in (f"refs/tags/{ref}^{{}}", f"refs/tags/{ref}", f"refs/heads/{ref}", f"{ref}^{{}}", ref):
        if name in advertised:
            return advertised[name]
    if FULL_COMMIT.match(ref):
        return ref
    found = {oid for oid in advertised.values() if ABBREVIATED_COMMIT.match(ref) and oid.startswith(ref)}
    return found.pop() if len(found) == 1 else None


REFUSED = re.compile("could not read Username|Authentication failed|error: 40[13]|not found|error: 404")
"""A private repository looks to a stranger as one that is not there."""
EXPLANATIONS: tuple[tuple[str, Callable[[str], HastenError]], ...] = (
    (
        "redirect|error: 30[1278]",
        lambda url: UserError(f"{url} redirects elsewhere, which is not followed: give the repository's own address."),
    ),
    (
        "not valid: is this a git repository|invalid server response|bad line length|protocol error",
        lambda url: UserError(f"{url} does not answer as a git repository.", status=422),
    ),
    (
        "[Cc]ertificate",
        lambda url: InfrastructureError(f"The certificate of {url} could not be verified."),
    ),
    (
        "Failed to connect|[Cc]ouldn't connect|Connection|timed out|TLS|SSL|EOF|RPC failed|hung up|too slow|error: 5..",
        lambda url: InfrastructureError(f"{url} could not be reached just now.", retryable=True),
    ),
)
"""What git says, and what it means for the person who named the URL; the first that matches."""


def _explained(source: RemoteSource, stderr: str) -> HastenError | None:
    for pattern, explain in EXPLANATIONS:
        if re.search(pattern, stderr):
            return explain(source.url)
    return None


def _last_line(error: GitFailedError) -> str:
    lines = [line for line in error.stderr.splitlines() if line.strip()]
    return lines[-1].strip().rstrip(".") if lines else str(error)


def _size_bytes(file: Path) -> int:
    """The size of a file that git may remove or rename at any moment."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
