"""What the proxy is asked for, and what it answers: pages and files of the indexes, and nothing else."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO
from urllib.parse import quote, unquote, urlsplit

from packaging.utils import canonicalize_name

from tools.errors import HastenError, InfrastructureError, UserError
from tools.network.indexes import Index
from tools.recipe.index_proxy.pages import led_back
from tools.recipe.index_proxy.upstream import Upstream

MIB = 1024 * 1024
MOST_PAGE_BYTES = 256 * MIB
MOST_FILE_BYTES = 4096 * MIB
MOST_BYTES = 16384 * MIB
"""In all, for one build."""
MOST_REQUESTS = 50_000
ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
PROJECT = re.compile(r"/(?P<index>\d{1,4})/(?P<project>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?)/?")
LINKS = re.compile(r"/links/(?P<page>\d{1,4})/?")
FILE = re.compile(r"/files/(?P<digest>[0-9a-f]{32})/(?P<name>[^/?#]+)")
METADATA = ".metadata"
ASKED = ("Range", "If-Range", "If-None-Match", "If-Modified-Since")
"""Headers of a request that go on to the index."""
TOLD = ("Content-Type", "Content-Range", "Accept-Ranges", "ETag", "Last-Modified", "Cache-Control", "Date", "Age")
"""Headers of an answer that come back."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request of a build."""

    method: str
    path: str
    headers: Mapping[str, str]


Begin = Callable[[int, Mapping[str, str], int | None], IO[bytes]]
"""Sends the status, the headers and the length (None where it is not known) of an answer; what its body goes into."""


@dataclass
class Log:
    """What a build asked for, and what became of it; kept for the person, never shown to the build."""

    requests: int = 0
    taken_bytes: int = 0
    refused: list[str] = field(default_factory=list)
    """Places that are none of ours, in the order they were asked for, each once."""
    troubles: list[HastenError] = field(default_factory=list)
    """Why an index did not answer."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self) -> None:
        """One more request; raises UserError where there were too many."""
        with self._lock:
            self.requests += 1
            if self.requests > MOST_REQUESTS or self.taken_bytes > MOST_BYTES:
                raise UserError("The build asks the package indexes for more than it may.", status=422)

    def take(self, taken_bytes: int) -> None:
        """So much came from an index."""
        with self._lock:
            self.taken_bytes += taken_bytes

    def refuse(self, place: str) -> None:
        """Somebody asked for a place that is none of ours."""
        with self._lock:
            if place not in self.refused and len(self.refused) < 100:
                self.refused.append(place)


class Answers:
    """Everything behind the proxy of one build."""

    def __init__(self, indexes: tuple[Index, ...], links: tuple[Index, ...], upstream: Upstream) -> None:
        self._indexes = indexes
        self._links = links
        self._upstream = upstream
        self._files: dict[str, tuple[str, Index]] = {}
        self.log = Log()

    def answer(self, asked: Asked, begin: Begin) -> None:
        """Answer one request.

        Raises UserError for what is not answered, InfrastructureError where an index fails.
        """
        self.log.count()
        path = urlsplit(asked.path).path
        if asked.method not in ("GET", "HEAD") or not asked.path.startswith("/"):
            self.log.refuse(_place(asked))
            raise UserError("Only the package indexes are reached from here.", status=403)
        if found := PROJECT.fullmatch(path):
            index = _at(self._indexes, found["index"])
            name = canonicalize_name(found["project"])
            self._page(f"{index.url.rstrip('/')}/{name}/", index, asked, begin)
        elif found := LINKS.fullmatch(path):
            index = _at(self._links, found["page"])
            self._page(index.url, index, asked, begin)
        elif found := FILE.fullmatch(path):
            self._file(found["digest"], found["name"], asked, begin)
        else:
            raise UserError("There is nothing here.", status=404)

    def _page(self, url: str, index: Index, asked: Asked, begin: Begin) -> None:
        taken = BytesIO()
        with self._upstream.get(url, index, {"Accept": ACCEPT, **_some(asked.headers, ("If-None-Match",))}) as found:
            reply, final = found
            if reply.status != 200:
                self._pass_on(reply.status, reply.headers, index, begin)
                return
            reply.save(taken, most_bytes=MOST_PAGE_BYTES)
        self.log.take(taken.tell())
        text = taken.getvalue().decode("utf-8", "replace")
        body, kind = led_back(text, reply.headers.get("Content-Type", ""), final, lambda file: self._lead(file, index))
        told = {**_some(reply.headers, TOLD), "Content-Type": kind}
        sink = begin(200, told, len(body))
        if asked.method == "GET":
            sink.write(body)

    def _lead(self, url: str, index: Index) -> str | None:
        if not self._upstream.may_lead_to(url):
            return None
        digest = hashlib.sha256(f"{index.url}\0{url}".encode()).hexdigest()[:32]
        self._files[digest] = (url, index)
        return f"/files/{digest}/{quote(unquote(urlsplit(url).path.rpartition('/')[2]))}"

    def _file(self, digest: str, name: str, asked: Asked, begin: Begin) -> None:
        url, index = self._files.get(digest, ("", None))
        own = unquote(urlsplit(url).path.rpartition("/")[2])
        if index is None or unquote(name) not in (own, own + METADATA):
            raise UserError("No page of an index lists this file.", status=404)
        if unquote(name) == own + METADATA:  # PEP 658
            parts = urlsplit(url)
            url = parts._replace(path=parts.path + METADATA).geturl()
        headers = {"Accept-Encoding": "identity", **_some(asked.headers, ASKED)}
        with self._upstream.get(url, index, headers, method=asked.method) as (reply, _):
            if reply.status not in (200, 206):
                self._pass_on(reply.status, reply.headers, index, begin)
                return
            stated = reply.headers.get("Content-Length", "")
            length = int(stated) if stated.isdigit() and "Content-Encoding" not in reply.headers else None
            if length is not None and length > MOST_FILE_BYTES:
                raise UserError(f"{own} is too large: over {MOST_FILE_BYTES // MIB} MiB.", status=422)
            sink = begin(reply.status, _some(reply.headers, TOLD), length)
            if asked.method == "GET":
                reply.save(_Counted(sink, self.log), most_bytes=MOST_FILE_BYTES)  # type: ignore[arg-type]

    def _pass_on(self, status: int, headers: Mapping[str, str], index: Index, begin: Begin) -> None:
        """The status and nothing else: what an index says of an error may repeat what it was sent."""
        host = urlsplit(index.url).netloc
        if status in (401, 403):
            self.log.troubles.append(
                UserError(
                    f"The package index {host} asks for a user name and a password, or refuses those it was given: "
                    "set them as uv or pip takes them.",
                    status=422,
                )
            )
        elif status >= 500:
            self.log.troubles.append(InfrastructureError(f"The package index {host} answers {status}.", retryable=True))
        begin(status, _some(headers, ("ETag", "Cache-Control", "Date")) if status == 304 else {}, 0)


class _Counted:
    """Writes through, and counts."""

    def __init__(self, sink: IO[bytes], log: Log) -> None:
        self._sink, self._log = sink, log

    def write(self, chunk: bytes) -> None:
        self._log.take(len(chunk))
        if self._log.taken_bytes > MOST_BYTES:
            raise UserError("The build takes more from the package indexes than it may.", status=422)
        self._sink.write(chunk)


def _some(headers: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: headers[name] for name in names if headers.get(name)}


def _at(places: tuple[Index, ...], number: str) -> Index:
    if int(number) >= len(places):
        raise UserError("There is no such index.", status=404)
    return places[int(number)]


def _place(asked: Asked) -> str:
    """Whom a request wanted to reach, as far as it says."""
    if asked.method == "CONNECT":
        return asked.path.removesuffix(":443")
    return urlsplit(asked.path).netloc if "://" in asked.path else f"{asked.method} {urlsplit(asked.path).path}"
