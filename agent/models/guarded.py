"""A client for an address that a stranger named: every host is checked before it is connected to."""

from collections.abc import Iterable

import httpcore
import httpx

from tools.errors import HastenError
from tools.network.address import public_addresses


class _PublicBackend(httpcore.SyncBackend):
    """Connects to the address that was checked, and so to nothing that the name leads to a moment later."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """As httpcore calls it."""
        try:
            address = public_addresses(host, port)[0]
        except HastenError as error:
            raise httpcore.ConnectError(str(error)) from error
        return super().connect_tcp(address, port, timeout, local_address, socket_options)


class _PublicTransport(httpx.HTTPTransport):
    """httpx's own, above that backend."""

    def __init__(self) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=_PublicBackend()
        )


def guarded_client(timeout_s: float) -> httpx.Client:
    """Reaches public hosts alone, follows no redirect and goes through no proxy."""
    return httpx.Client(transport=_PublicTransport(), timeout=timeout_s, follow_redirects=False, trust_env=False)
