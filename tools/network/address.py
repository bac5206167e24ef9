"""Which addresses a host may be reached at: every one is resolved and checked, then connected to and no other.

A name is looked up once. What is connected to is the address that was checked, so that a name which resolves to
something else a moment later leads nowhere new.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tools.errors import InfrastructureError, UserError

PORTS = {"https": 443, "http": 80}
HOST_NAME = re.compile(r"^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$")
NUMERIC = re.compile(r"^(?:[0-9]+|0[xX][0-9A-Fa-f]*)$")
"""A last label that makes a URL parser read the host as an IPv4 address, in whatever spelling."""
MOST_HOST_CHARACTERS = 253
PLATFORM_ADDRESSES = frozenset({"168.63.129.16"})
"""Public by number, yet a cloud's own metadata service answers there (Azure)."""
TRANSLATED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
"""Prefixes that hold an IPv4 address: NAT64 (RFC 6052) and the old IPv4-compatible ones."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A host that a URL names, in its one spelling; not resolved yet."""

    scheme: str
    host: str
    """Without the brackets of IPv6."""
    port: int

    @property
    def netloc(self) -> str:
        """As it stands in a URL: brackets for IPv6, and the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def check_place(parts: SplitResult, subject: str, *, private: bool = False) -> Place:
    """The host of a URL that was split; `private` admits private addresses, any port and plain http.

    Raises UserError for another scheme than https, a user name, an odd port, a host in an odd spelling, and an address
    that is not public. `subject` is how the error calls the URL.
    """
    scheme = parts.scheme.lower()
    if scheme != "https" and not (private and scheme == "http"):
        raise UserError(f"{subject} must begin with https://.")
    if "@" in parts.netloc:
        raise UserError(f"Leave user names and passwords out of {_inside(subject)}.")
    try:
        port = parts.port
    except ValueError as error:
        raise UserError(f"{subject} is malformed: its port is no number.") from error
    if port not in (None, PORTS[scheme]) and not private:
        raise UserError(f"Port {port} is not allowed in {_inside(subject)}: https uses {PORTS['https']}.")
    host = _checked_host((parts.hostname or "").removesuffix("."), subject, private=private)
    return Place(scheme=scheme, host=host, port=port or PORTS[scheme])


def check_url(url: str, subject: str, *, private: bool = False) -> Place:
    """The host of a URL; raises UserError as `check_place` does, and for one that is no URL."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise UserError(f"{subject} holds characters that no URL has.")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UserError(f"{subject} is malformed.") from error
    return check_place(parts, subject, private=private)


def public_addresses(host: str, port: int, *, private: bool = False) -> tuple[str, ...]:
    """The addresses of a host, in the resolver's order; `private` admits private ones.

    Raises UserError where the host is unknown or any of its addresses is not public, InfrastructureError where the
    resolver itself fails.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label of more than 63 characters
        raise UserError(f"There is no host {host}.", status=404) from error
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise InfrastructureError(f"{host} could not be resolved just now.", retryable=True) from error
        raise UserError(f"There is no host {host}.", status=404) from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if is_private(ipaddress.ip_address(address.partition("%")[0])) and not private:
            raise UserError(f"{host} resolves to a private address; only public hosts are reached.")
    return addresses


def checked_addresses(host: str, port: int, *, private: bool = False, proxied: bool = False) -> tuple[str, ...]:
    """As `public_addresses`; none where a proxy is `proxied` through, which resolves names that this host may not know.

    A name that this host does know is checked all the same.
    """
    try:
        addresses = public_addresses(host, port, private=private)
    except (UserError, InfrastructureError) as error:
        unknown = isinstance(error, InfrastructureError) or error.status == 404
        if proxied and unknown:
            return ()
        raise
    return () if proxied else addresses


def is_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is not plainly public: private, loopback, link-local, mapped, multicast or reserved."""
    if isinstance(address, ipaddress.IPv6Address):
        for prefix in TRANSLATED:
            if address in prefix:
                return prefix != TRANSLATED[0] or is_private(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped is not None or address.sixtofour is not None or address.teredo is not None:
            return True
        if address.is_site_local:
            return True
    return not address.is_global or address.is_multicast or address.is_reserved or str(address) in PLATFORM_ADDRESSES


def _checked_host(host: str, subject: str, *, private: bool) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if not HOST_NAME.match(host) or len(host) > MOST_HOST_CHARACTERS or ".." in host:
            raise UserError(f"{subject} names no valid host; write it as https://host/path.") from None
        if NUMERIC.match(host.rpartition(".")[2]):
            raise UserError(
                f"{subject} names its host by a number in an odd spelling; write the host's name."
            ) from None
        return host
    if is_private(address) and not private:
        raise UserError(f"{host} is a private address; only public hosts are reached.")
    if address.version == 6 and address.scope_id is not None:
        raise UserError(f"{subject} names an address of one network card; write the host's name.")
    return str(address)


def _inside(subject: str) -> str:
    return subject[0].lower() + subject[1:]
