"""Which addresses a host may be reached at: every one is resolved and checked, then pinned for git."""

import ipaddress
import socket

from tools.errors import InfrastructureError, UserError
from tools.git.source import RemoteSource, is_private


def public_addresses(source: RemoteSource, *, allow_private: bool = False) -> tuple[str, ...]:
    """The addresses of the source's host, in the resolver's order.

    Raises UserError where the host is unknown or any of its addresses is not public, InfrastructureError where the
    resolver itself fails.
    """
    try:
        found = socket.getaddrinfo(source.host, source.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise InfrastructureError(f"{source.host} could not be resolved just now.", retryable=True) from error
        raise UserError(f"There is no host {source.host}.", status=404) from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if is_private(ipaddress.ip_address(address.partition("%")[0])) and not allow_private:
            raise UserError(f"{source.host} resolves to a private address; only public hosts are read.")
    return addresses


def pinned(source: RemoteSource, addresses: tuple[str, ...]) -> str:
    """The git setting that makes its transport connect to these very addresses, whatever the name resolves to later."""
    listed = ",".join(f"[{address}]" if ":" in address else address for address in addresses)
    return f"http.curloptResolve={source.host}:{source.port}:{listed}"
