"""Telling a stranger's server something: one request to a checked address, along no redirect, within a fixed time."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.errors import InfrastructureError
from tools.network.address import Place, check_url, public_addresses

WHOLE_S = 10.0
MOST_ANSWER_BYTES = 4096


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    """As much of it as was asked for."""


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private: bool = False,
    certificates: Path | None = None,
    whole_s: float = WHOLE_S,
    most_bytes: int = MOST_ANSWER_BYTES,
) -> Answer:
    """What a server answers to a message; a redirect is an answer like any other and is not followed.

    The host's name is resolved once, every address of it is checked, and the first is connected to under the host's
    name. `private` admits private addresses, any port and plain http; `certificates` is a file of further authorities.
    Raises UserError for a URL that leads to no public host, InfrastructureError where the server cannot be reached or
    takes longer than `whole_s` over it all.
    """
    place = check_url(url, "The URL", private=private)
    address = public_addresses(place.host, place.port, private=private)[0]
    target = "/" + url.split("://", 1)[1].partition("#")[0].partition("/")[2]
    line = _connection(place, address, certificates, whole_s)
    late = threading.Event()
    # A time limit of the socket's begins anew with every byte; this one does not.
    timer = threading.Timer(whole_s, _cut, [line, late])
    timer.daemon = True
    timer.start()
    try:
        line.request("POST", target, body=body, headers={**headers, "Host": place.netloc, "Connection": "close"})
        reply = line.getresponse()
        taken = reply.read(most_bytes)
        if late.is_set():
            raise TimeoutError
        return Answer(
            status=reply.status, headers={name.lower(): value for name, value in reply.getheaders()}, body=taken
        )
    except ssl.SSLCertVerificationError as error:
        raise InfrastructureError(f"The certificate of {place.host} could not be verified.", retryable=True) from error
    except (OSError, http.client.HTTPException) as error:
        words = f"did not answer within {whole_s:g} s" if late.is_set() else "could not be reached just now"
        raise InfrastructureError(f"{place.host} {words}.", retryable=True) from error
    finally:
        timer.cancel()
        line.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, under the name of the host that was checked."""

    def __init__(self, place: Place, address: str, context: ssl.SSLContext | None, step_s: float) -> None:
        super().__init__(place.host, place.port, timeout=step_s)
        self._address, self._context = address, context

    def connect(self) -> None:
        """As HTTPConnection has it, without a look at the name."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._context is not None:
            self.sock = wrapped = self._context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            wrapped.do_handshake()  # with the socket in its place, so that it can be cut


def _connection(place: Place, address: str, certificates: Path | None, step_s: float) -> _Pinned:
    context = ssl.create_default_context() if place.scheme == "https" else None
    if context is not None and certificates is not None:
        context.load_verify_locations(cafile=certificates)
    return _Pinned(place, address, context, step_s)


def _cut(line: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    sock = line.sock
    if sock is not None:
        with contextlib.suppress(OSError):  # it may have ended at this very moment
            sock.shutdown(socket.SHUT_RDWR)
