"""Reading what stands behind an http address, with the user's own trust and proxies."""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

import certifi
import urllib3
from urllib3.exceptions import HTTPError, LocationValueError
from urllib3.exceptions import SSLError as RefusedCertificate

from tools.errors import InfrastructureError, UserError

CHUNK_BYTES = 1 << 16
MOST_REDIRECTS = 5
STEP_S = 30.0
"""How long one connection or one read may take."""
WHOLE_S = 600.0
AGENT = "hasten"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The beginning of an answer, with its body still to be read."""

    status: int
    headers: Mapping[str, str]
    body: urllib3.BaseHTTPResponse
    name: str
    deadline_s: float

    def save(self, file: IO[bytes], *, most_bytes: int) -> None:
        """Write the body; raises UserError where it is over `most_bytes`, InfrastructureError where it breaks off."""
        written_bytes = 0
        try:
            for chunk in self.body.stream(CHUNK_BYTES, decode_content=True):
                written_bytes += len(chunk)
                if written_bytes > most_bytes:
                    raise UserError(f"{self.name} is too large: over {most_bytes >> 20} MiB to fetch.", status=422)
                if time.monotonic() > self.deadline_s:
                    raise InfrastructureError(f"{self.name} took longer to fetch than it may.", retryable=True)
                file.write(chunk)
        except HTTPError as error:
            raise InfrastructureError(f"{self.name} could not be fetched to its end.", retryable=True) from error


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """How hosts are reached, from the user's own settings."""

    env: Mapping[str, str]
    """SSL_CERT_FILE, GIT_SSL_CAINFO, HTTPS_PROXY and the like; UV_INSECURE_HOST names hosts trusted without proof."""

    @contextmanager
    def get(
        self, url: str, *, name: str, address: str | None = None, authorization: str | None = None,
        accept: str = "*/*", redirects: int = 0, method: str = "GET", further: Mapping[str, str] | None = None,
        manager: urllib3.PoolManager | None = None,
    ) -> Iterator[Reply]:  # fmt: skip
        """The answer to one request.

        `further` are headers beside our own. `manager` is one of `manager`'s for this URL and address, for who asks one
        host often; without it the connection is closed afterwards.

        `address` is connected to instead of whatever the host's name resolves to now. `authorization` goes to this host
        alone, never along a redirect to another. `name` is what errors call it, for a URL can hold a password. Raises
        InfrastructureError where the host cannot be reached or is not who it says it is.
        """
        parts = urlsplit(url)
        headers = {"User-Agent": AGENT, "Accept": accept, **(further or {})}
        if authorization is not None:
            headers["Authorization"] = authorization
        with nullcontext(manager) if manager is not None else self.manager(url, address) as ours:
            try:
                body = ours.request(
                    method,
                    url if address is None else _at(parts, address),
                    headers=headers if address is None else {**headers, "Host": parts.netloc},
                    preload_content=False,
                    timeout=STEP_S,
                    retries=urllib3.Retry(redirects, connect=0, read=0, redirect=redirects, raise_on_redirect=False),
                )
            except (HTTPError, LocationValueError) as error:
                refused = RefusedCertificate in (type(error), type(getattr(error, "reason", None)))
                if refused:
                    raise InfrastructureError(f"The certificate of {name} could not be verified.") from error
                raise InfrastructureError(f"{name} could not be reached just now.", retryable=True) from error
            try:
                yield Reply(
                    status=body.status,
                    headers=body.headers,
                    body=body,
                    name=name,
                    deadline_s=time.monotonic() + WHOLE_S,
                )
            finally:
                body.close()

    def proxied(self, url: str) -> bool:
        """Whether an address is reached through a proxy, which resolves its name."""
        return self._proxy(urlsplit(url)) is not None

    def manager(self, url: str, address: str | None, *, most_kept: int = 1) -> urllib3.PoolManager:
        """Connections to the host of a URL, at `address`, of which `most_kept` stay open."""
        parts = urlsplit(url)
        context = self._context(parts)
        proxy = self._proxy(parts)
        if proxy is not None:
            user = urlsplit(proxy)
            words = f"{user.username}:{user.password or ''}" if user.username else None
            headers = urllib3.make_headers(proxy_basic_auth=words)
            return urllib3.ProxyManager(proxy, maxsize=most_kept, proxy_headers=headers, ssl_context=context)
        if address is None or parts.scheme != "https":
            return urllib3.PoolManager(maxsize=most_kept, ssl_context=context)
        return urllib3.PoolManager(
            maxsize=most_kept, ssl_context=context, server_hostname=parts.hostname, assert_hostname=parts.hostname
        )

    def _context(self, parts: SplitResult) -> ssl.SSLContext:
        context = ssl.create_default_context()
        trusted = ssl.get_default_verify_paths()
        if trusted.cafile is None and trusted.capath is None:  # a host without certificates of its own
            context.load_verify_locations(cafile=certifi.where())
        for file, folder in (("SSL_CERT_FILE", "SSL_CERT_DIR"), ("GIT_SSL_CAINFO", "GIT_SSL_CAPATH")):
            cafile, capath = (_existing(self.env.get(name)) for name in (file, folder))
            if cafile or capath:
                context.load_verify_locations(cafile=cafile, capath=capath)
        if {parts.hostname, parts.netloc.rpartition("@")[2]} & set(self.env.get("UV_INSECURE_HOST", "").split()):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the user said so
        return context

    def _proxy(self, parts: SplitResult) -> str | None:
        lower = {name.lower(): value for name, value in self.env.items() if value}
        named = lower.get(f"{parts.scheme}_proxy") or lower.get("all_proxy")
        if not named or proxy_bypass_environment(parts.hostname or "", {"no": lower.get("no_proxy", "")}):
            return None
        return named if "://" in named else f"http://{named}"


def _existing(path: str | None) -> str | None:
    return path if path and Path(path).exists() else None


def _at(parts: SplitResult, address: str) -> str:
    """The URL with the host's name replaced by one of its addresses."""
    place = f"[{address}]" if ":" in address else address
    return parts._replace(netloc=place if parts.port is None else f"{place}:{parts.port}").geturl()
