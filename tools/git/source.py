"""Where code is: a folder, an archive, a git repository behind https or a release on the package index.

What was named is checked before anything touches it.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, urlsplit

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from tools.errors import UserError
from tools.network.address import PORTS, check_place

HTTPS_PORT = PORTS["https"]
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SCP_LIKE = re.compile(r"^(?:[^/@\s]+@)?(?P<host>[A-Za-z0-9.-]+\.[A-Za-z]{2,}):(?P<path>[^/\\].*)$")
HOST_WITHOUT_SCHEME = re.compile(r"^(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}/[^/]+/[^/]+$")
URL_PATH = re.compile(r"^(?:/[A-Za-z0-9._~%+@,=-]+)+/?$")
REF = re.compile(r"^[A-Za-z0-9_](?:[A-Za-z0-9_./+@-]*[A-Za-z0-9_+@-])?$")
BROWSER_PAGE = re.compile(r"^(?P<repository>/[^/]+/[^/]+)/(?:-/)?(?:tree|blob)/")
RELEASE = re.compile(r"^(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)==(?P<version>[^\s=]+)$")
DIGEST = re.compile(r"^(?P<source>.*)#sha256=(?P<digest>[0-9a-fA-F]{64})$")
MOST_SOURCE_CHARACTERS = 4096
PYPI = "pypi:"
ARCHIVE_SUFFIXES = (".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar", ".zip")


@dataclass(frozen=True, kw_only=True)
class LocalSource:
    """A folder on this host."""

    path: Path
    """Absolute."""


@dataclass(frozen=True, kw_only=True)
class ArchiveSource:
    """An archive of a project on this host."""

    path: Path
    """Absolute."""


@dataclass(frozen=True, kw_only=True)
class ReleaseSource:
    """The source distribution of one release, as the user's package index has it."""

    name: str
    """Normalised (PEP 503)."""
    version: str
    sha256: str | None = None
    """What the archive must hash to; None where the user did not say."""


@dataclass(frozen=True, kw_only=True)
class RemoteSource:
    """A git repository behind https; its host is not resolved yet (`public_addresses` does that)."""

    url: str
    host: str
    port: int = HTTPS_PORT


@dataclass(frozen=True, kw_only=True)
class RemoteArchive(RemoteSource):
    """An archive behind https."""

    sha256: str | None = None
    """What it must hash to; None where the user did not say."""


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Which sources are taken: by default what the person at this machine may name."""

    local: bool = True
    """Folders and archives of this host."""
    helper: bool = True
    """Whether git's credential helper, as this user has set it up, is asked for what is private."""
    private: bool = False
    """Private addresses and any port."""
    hosts: frozenset[str] | None = None
    """The only hosts that are read, in lower case, with their ports where these are not 443; None for all."""


AT_HOME = Admission()
"""What a person at their own machine may name."""

Source = LocalSource | ArchiveSource | ReleaseSource | RemoteArchive | RemoteSource


def parse_source(text: str, admission: Admission = AT_HOME) -> Source:
    """What the user named.

    Raises UserError, one sentence, for anything that is neither a path, a plain https URL nor a release, and for what
    `admission` does not let in. Nothing of this host is looked at where `admission` takes no paths.
    """
    if not text.strip():
        raise UserError("Name a repository: a folder, an archive, an https URL, or pypi:NAME==VERSION.")
    if len(text) > MOST_SOURCE_CHARACTERS or CONTROL.search(text):
        raise UserError("The repository's name is too long or holds control characters.")
    if text.startswith("-"):
        raise UserError(f"A repository cannot start with a dash: {text!r}; write ./{text} for a folder of that name.")
    if "::" in text.partition("://")[0]:
        raise UserError(f"A repository cannot hold `::`: {text!r}; give a folder or an https URL.")
    digested = DIGEST.match(text)
    if text.startswith(PYPI):
        return _release(text, digested)
    if "://" in text:
        named = _remote(digested["source"] if digested else text, admission)
        if not is_archive(named.url):
            return named if digested is None else _remote(text, admission)
        return RemoteArchive(url=named.url, host=named.host, port=named.port, sha256=_sha256(digested))
    if not admission.local:
        raise UserError(
            "Repositories are read over https here: write https://host/owner/name, or pypi:NAME==VERSION; paths are "
            "taken where the service runs with HASTEN_ALLOW_LOCAL_REPOSITORIES=1."
        )
    path = _expanded(text)
    if not os.path.exists(path):  # False, not an error, for a name that is too long
        _refuse_other_spellings(text)
    path = path.resolve() if ".." in path.parts else path.absolute()
    return ArchiveSource(path=path) if os.path.isfile(path) and is_archive(path.name) else LocalSource(path=path)


def is_archive(name: str) -> bool:
    """Whether a file's name ends as an archive's does."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def _release(text: str, digested: re.Match[str] | None) -> ReleaseSource:
    found = RELEASE.match((digested["source"] if digested else text).removeprefix(PYPI))
    if found is None:
        raise UserError(f"{text!r} names no release; write it as pypi:NAME==VERSION, such as pypi:tabulate==0.9.0.")
    try:
        version = str(Version(found["version"]))
    except InvalidVersion as error:
        raise UserError(f"{found['version']!r} in {text!r} is not a version; write one such as 1.4.2.") from error
    return ReleaseSource(name=canonicalize_name(found["name"]), version=version, sha256=_sha256(digested))


def _sha256(digested: re.Match[str] | None) -> str | None:
    return digested["digest"].lower() if digested else None


def check_ref(ref: str) -> str:
    """A branch, a tag or a commit, as given; raises UserError where it has characters that git treats specially."""
    forbidden = ("..", "//", "@{", "/.", "./")
    if len(ref) > 250 or not REF.match(ref) or any(part in ref for part in forbidden) or ref.endswith(".lock"):
        raise UserError(f"{ref!r} is not the name of a branch or a tag, nor a commit.")
    return ref


def check_subdirectory(text: str) -> str:
    """A folder inside the repository with forward slashes, "" for its root; raises UserError where it leaves it."""
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or CONTROL.search(text) or text.startswith("-"):
        raise UserError(f"The subdirectory {text!r} must be a folder inside the repository, such as packages/core.")
    return "" if path == PurePosixPath(".") else path.as_posix()


def _expanded(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise UserError(f"There is no home folder for {text!r}.", status=404) from error


def _refuse_other_spellings(text: str) -> None:
    """Ways people name repositories elsewhere, answered with the one that works here."""
    if found := SCP_LIKE.match(text):
        raise UserError(f"ssh is not supported: use https://{found['host']}/{found['path']}.")
    if re.match(r"^[A-Za-z0-9._-]+==[\w.!+-]+$", text):
        raise UserError(
            f"There is no folder {text!r}; for a release on the package index write pypi:{text}.", status=404
        )
    if HOST_WITHOUT_SCHEME.match(text):
        raise UserError(f"There is no folder {text!r}; for a repository on the web write https://{text}.", status=404)


def _remote(text: str, admission: Admission) -> RemoteSource:
    scheme = text.partition("://")[0].lower()
    if scheme != "https":
        raise UserError(f"Repositories are read over https only, not {scheme!r}: use https://, or a folder's path.")
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise UserError("The repository's URL is malformed; write it as https://host/owner/name.") from error
    place = check_place(parts, "The repository's URL", private=admission.private)
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise UserError(
            "Leave `?` and `#` out of the repository's URL; a branch or tag is given apart, as the ref, and only an "
            "archive takes #sha256=DIGEST."
        )
    if admission.hosts is not None and place.netloc.lower() not in admission.hosts:
        allowed = ", ".join(sorted(admission.hosts)) or "none"
        raise UserError(f"Repositories are not read from {place.netloc} here; allowed are: {allowed}.", status=422)
    _check_path(parts)
    return RemoteSource(url=f"https://{place.netloc}{parts.path.rstrip('/')}", host=place.host, port=place.port)


def _check_path(parts: SplitResult) -> None:
    if page := BROWSER_PAGE.match(parts.path):
        raise UserError(
            f"That is a page, not a repository: use https://{parts.netloc}{page['repository']} "
            "and give the branch as the ref and the folder as the subdirectory."
        )
    if not URL_PATH.match(parts.path) or {".", ".."} & set(parts.path.split("/")):
        raise UserError("The repository's URL has no usable path; write it as https://host/owner/name.")
