"""A place to listen at, taken before anything else is done."""

import errno
import ipaddress
import socket

from api.rest.server import BACKLOG
from tools.errors import UserError


def bind(host: str, port: int) -> socket.socket:
    """Listen at an address; port 0 takes a free one. Raises UserError where that cannot be had."""
    try:
        [(family, *_), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except socket.gaierror as error:
        raise UserError(f"--host {host} is no address of this machine ({error.strerror})") from error
    except OSError as error:
        raise UserError(f"cannot listen at {host}, port {port}: {_why(error, port)}", status=409) from error
    # asyncio does this for sockets of its own making. Without it the body of an answer may wait for the client's
    # system to acknowledge its head, which takes 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def address_of(listening: socket.socket) -> str:
    """The URL at which a socket is reached."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_near(listening: socket.socket) -> bool:
    """Whether nobody but this machine itself reaches a socket."""
    return ipaddress.ip_address(listening.getsockname()[0].partition("%")[0]).is_loopback


def _why(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"the port is in use; choose another with --port, such as --port {port + 1 if port < 65535 else 8080}"
    if error.errno == errno.EACCES:
        return "ports below 1024 need more rights; choose another with --port"
    return f"{error.strerror}"
