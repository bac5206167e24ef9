"""Asking the indexes: at checked addresses, along checked redirects, each with its own credentials.

A host that the settings name is asked as they say, wherever it is. A host that only a page or a redirect names must be
public and speak https, or stand at an address of the former: an index may say where its files are, and may not send
anybody into the network around us.
"""

import ipaddress
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from urllib.parse import urljoin, urlsplit

import urllib3

from tools.errors import InfrastructureError, UserError
from tools.network.address import PLATFORM_ADDRESSES, check_url, checked_addresses, public_addresses
from tools.network.indexes import Index, origin
from tools.network.transfer import MOST_REDIRECTS, Reply, Transfer

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_CONNECTIONS = 16
"""Kept open to one host."""


class Upstream:
    """The hosts behind one proxy; safe to use from several threads."""

    def __init__(self, known: tuple[Index, ...], index_env: Mapping[str, str]) -> None:
        self._transfer = Transfer(env=index_env)
        self._known = {origin(index.url) for index in known}
        self._managers: dict[tuple[str, str | None], urllib3.PoolManager] = {}
        self._lock = threading.Lock()

    @contextmanager
    def get(
        self, url: str, index: Index, headers: Mapping[str, str], *, method: str = "GET"
    ) -> Iterator[tuple[Reply, str]]:
        """The answer, and the address that gave it at last.

        `index` is whose credentials are sent, where they are of that host. Raises UserError for an address that may not
        be asked, InfrastructureError where a host cannot be reached.
        """
        for _ in range(MOST_REDIRECTS + 1):
            host = urlsplit(url).netloc
            address = self._checked(url)
            mine = index.authorization if origin(url) == origin(index.url) else None
            with self._transfer.get(
                url, name=f"The package index {host}", address=address, authorization=mine, method=method,
                further=headers, manager=self._manager(url, address),
            ) as reply:  # fmt: skip
                if reply.status not in REDIRECTS:
                    yield reply, url
                    return
                url = urljoin(url, reply.headers.get("Location", "")).partition("#")[0]
        raise UserError(f"The package index {host} redirects more than {MOST_REDIRECTS} times.", status=422)

    def may_lead_to(self, url: str) -> bool:
        """Whether a page may name this file, as far as its address tells."""
        try:
            if origin(url) not in self._known:
                check_url(url, "The file's URL")
        except UserError:
            return False
        return True

    def close(self) -> None:
        """Give back all connections."""
        with self._lock:
            for manager in self._managers.values():
                manager.clear()
            self._managers.clear()

    def _checked(self, url: str) -> str | None:
        """The address to connect to; None where the name is looked up as usual: a proxy's, or the user's own."""
        if origin(url) in self._known:
            return None
        place = check_url(url, "The file's URL")
        try:
            addresses = checked_addresses(place.host, place.port, proxied=self._transfer.proxied(url))
        except UserError:
            addresses = public_addresses(place.host, place.port, private=True)
            if not set(addresses) <= self._addresses or any(_is_own(address) for address in addresses):
                raise
        return addresses[0] if addresses else None

    @cached_property
    def _addresses(self) -> set[str]:
        """Where the user's own hosts are: a mirror within a company often stands in for the hosts of its files too."""
        found = set[str]()
        for _, host, port in self._known:
            with suppress(UserError, InfrastructureError):  # who asks that host will hear of it
                found |= set(public_addresses(host, port or 0, private=True))
        return found

    def _manager(self, url: str, address: str | None) -> urllib3.PoolManager:
        key = ("{0[0]}://{0[1]}:{0[2]}".format(origin(url)), address)
        with self._lock:
            if key not in self._managers:
                self._managers[key] = self._transfer.manager(url, address, most_kept=MOST_CONNECTIONS)
            return self._managers[key]


def _is_own(address: str) -> bool:
    """Whether it leads to this very host or its platform, where much listens that is nobody's index."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return found.is_loopback or found.is_link_local or found.is_unspecified or address in PLATFORM_ADDRESSES
