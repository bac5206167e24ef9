"""Source distributions on the user's package index, fetched without running any of their code.

`pip download` builds a source distribution to read its metadata; here its page (PEP 503, PEP 691) is read instead, from
the same indexes and folders that pip and uv are set up to use.
"""

import html.parser
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from shutil import copyfile
from urllib.parse import unquote, urljoin, urlsplit

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from tools.errors import InfrastructureError, UserError
from tools.git.archive import MOST_ARCHIVE_BYTES
from tools.git.remote_archive import check_digest
from tools.git.source import ARCHIVE_SUFFIXES, ReleaseSource
from tools.network.indexes import indexes, origin, pages_of_links
from tools.network.transfer import MOST_REDIRECTS, Transfer

MOST_PAGE_BYTES = 256 * 1024 * 1024
ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
WHEEL = re.compile(r"^(?P<name>[^-]+)-(?P<version>[^-]+)-.*\.whl$")


@dataclass(frozen=True, kw_only=True)
class File:
    """One file that an index offers."""

    name: str
    url: str
    sha256: str | None = None
    authorization: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A source distribution on this host."""

    file: Path
    sha256: str


def fetch_release(release: ReleaseSource, folder: Path, index_env: Mapping[str, str]) -> Fetched:
    """The release's source distribution, below `folder`, checked against the index's hash and the user's.

    `index_env` is what the user set up for uv and pip. Raises UserError where the index does not have it, with what it
    has; InfrastructureError where the index cannot be reached.
    """
    offered = list(_offered(release.name, index_env))
    if not offered:
        raise UserError(f"The package index has no project {release.name!r}: check its name.", status=404)
    wanted = Version(release.version)
    of_version = [file for file in offered if _version(file.name, release.name) == wanted]
    files = [file for file in of_version if file.name.endswith(ARCHIVE_SUFFIXES)]
    if not files:
        raise UserError(_nothing_fits(release, offered, wheels=bool(of_version)), status=404)
    return _fetch(release, files[0], folder, Transfer(env=index_env))


def _fetch(release: ReleaseSource, found: File, folder: Path, transfer: Transfer) -> Fetched:
    file = folder / Path(found.name).name
    what = f"{found.name} of the package index"
    if urlsplit(found.url).scheme == "file":
        copyfile(_local(found.url), file)
    else:
        with transfer.get(
            found.url, name=what, authorization=found.authorization, redirects=MOST_REDIRECTS
        ) as reply, file.open("wb") as written:  # fmt: skip
            if reply.status != 200:
                raise InfrastructureError(f"{what} could not be fetched: HTTP status {reply.status}.", retryable=True)
            reply.save(written, most_bytes=MOST_ARCHIVE_BYTES)
    digest = check_digest(file, release.sha256)
    if found.sha256 is not None and digest != found.sha256:
        raise InfrastructureError(f"{what} is damaged: its SHA-256 is not what the index states.", retryable=True)
    return Fetched(file=file, sha256=digest)


def _nothing_fits(release: ReleaseSource, offered: Iterable[File], *, wheels: bool) -> str:
    named = f"{release.name} {release.version}"
    if wheels:
        return f"The package index has {named} as wheels only, not as source: name its repository instead."
    versions = {
        version
        for file in offered
        if file.name.endswith(ARCHIVE_SUFFIXES) and (version := _version(file.name, release.name)) is not None
    }
    if not versions:
        return f"The package index has {release.name} as wheels only, not as source: name its repository instead."
    near = sorted(version for version in versions if not version.is_prerelease) or sorted(versions)
    listed = ", ".join(map(str, near[-4:]))
    return f"The package index has no source of {named}; the newest there are {listed}."


def _version(file: str, name: str) -> Version | None:
    """The version that a file is of; None where it is of another project or cannot be read."""
    wheel = WHEEL.match(file)
    stem = next((file.removesuffix(suffix) for suffix in ARCHIVE_SUFFIXES if file.endswith(suffix)), "")
    pairs = [(wheel["name"], wheel["version"])] if wheel else []
    # A name may hold dashes, and so did versions of old.
    pairs += [(stem[:at], stem[at + 1 :]) for at, sign in enumerate(stem) if sign == "-"]
    for project, version in pairs:
        if canonicalize_name(project) == name:
            try:
                return Version(version)
            except InvalidVersion:
                continue
    return None


def _offered(name: str, index_env: Mapping[str, str]) -> Iterator[File]:
    """Files of a project on every index and in every folder that is set up, in pip's order."""
    transfer = Transfer(env=index_env)
    for index in indexes(index_env):
        yield from _page(f"{index.url.rstrip('/')}/{name}/", index.authorization, transfer) or ()
    for links in pages_of_links(index_env):
        if links.is_local:
            place = Path(_local(links.url))
            files = (file for file in sorted(place.iterdir()) if _version(file.name, name) is not None)
            yield from (File(name=file.name, url=file.as_uri()) for file in files if file.is_file())
        else:
            page = _page(links.url, links.authorization, transfer) or ()
            yield from (file for file in page if _version(file.name, name) is not None)


def _page(address: str, authorization: str | None, transfer: Transfer) -> list[File] | None:
    """The files that a page lists; None where there is none."""
    if address.startswith("file:"):
        page = Path(_local(address)) / "index.html"
        return _of_html(page.read_text("utf-8", "replace"), page.as_uri()) if page.is_file() else None
    host = urlsplit(address).netloc
    taken = BytesIO()
    with transfer.get(
        address, name=f"The package index {host}", authorization=authorization, accept=ACCEPT, redirects=MOST_REDIRECTS
    ) as reply:
        if reply.status in (401, 403):
            raise UserError(
                f"The package index {host} asks for a user name and a password: set them as uv or pip takes them.",
                status=422,
            )
        if reply.status in (404, 410):
            return None
        if reply.status != 200:
            raise InfrastructureError(f"The package index {host} answers {reply.status}.", retryable=True)
        reply.save(taken, most_bytes=MOST_PAGE_BYTES)
        base = urljoin(address, reply.body.url or address)
        kind = reply.headers.get("Content-Type", "")
    text = taken.getvalue().decode("utf-8", "replace")
    files = _of_json(text, base) if "json" in kind else _of_html(text, base)
    files = [file for file in files if urlsplit(file.url).scheme in ("http", "https")]  # never a file of this machine
    # The page may have come from another host, by a redirect; the credential is for the one that was asked.
    ours = origin(address)
    return [replace(file, authorization=authorization) if origin(file.url) == ours else file for file in files]


def _of_json(text: str, base: str) -> list[File]:
    try:
        listed = json.loads(text)["files"]
        return [
            File(
                name=entry["filename"],
                url=urljoin(base, entry["url"]),
                sha256=entry.get("hashes", {}).get("sha256"),
            )
            for entry in listed
        ]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InfrastructureError(f"The package index {urlsplit(base).netloc} does not answer plainly.") from error


def _of_html(text: str, base: str) -> list[File]:
    links = _Links()
    links.feed(text)
    files = []
    for link in links.found:
        try:
            url, _, fragment = urljoin(base, link).partition("#")
        except ValueError:  # it leads nowhere
            continue
        digest = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else None
        files.append(File(name=unquote(urlsplit(url).path.rpartition("/")[2]), url=url, sha256=digest))
    return files


class _Links(html.parser.HTMLParser):
    """Where the anchors of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """As HTMLParser calls it."""
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _local(address: str) -> str:
    return unquote(urlsplit(address).path)
