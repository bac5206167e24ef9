"""Reads the errors of langchain's clients: each provider's package has its own, with the same few things in them."""

import http.client
from collections.abc import Iterator, Mapping, Set
from typing import Any

from agent.models.access import Access
from agent.models.faults import Fault, Kind, after_s_of, kind_of, short, words_in

NETWORK = ("Connect", "Connection", "Timeout", "Protocol", "ReadError", "WriteError", "NetworkError", "ProxyError")
"""In the names of classes that mean the way to the endpoint, in every HTTP library."""
UNREACHED = {"ConnectError", "ConnectTimeout", "ConnectionRefusedError", "gaierror"}
WAITED = {"ReadTimeout", "WriteTimeout", "TimeoutError"}
UNUSABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What clients raise on an answer that they cannot read."""


class NotMade(Exception):
    """A client could not be made: no key, an unknown provider, a wrong option."""


def fault_of(error: BaseException, access: Access) -> Fault:
    """What one failed try was."""
    words, status = short(_words(error), access), _status(error)
    if isinstance(error, NotMade):
        return Fault(kind=Kind.DEAD, words=words, asked=False)
    if status is not None and status >= 400:
        return Fault(kind=kind_of(status, words), words=words, status=status, after_s=after_s_of(_headers(error)))
    if status is not None or isinstance(error, UNUSABLE):
        overflow = kind_of(None, words) is Kind.OVERFLOW
        unread = f"an answer that cannot be read: {words}"
        return Fault(kind=Kind.OVERFLOW, words=words) if overflow else Fault(kind=Kind.AGAIN, words=unread, paid=True)
    names = {type(one).__name__ for one in _chain(error)}
    if _is_network(error, names):
        paid = bool(names & WAITED) or "incomplete" in words
        return Fault(kind=Kind.AGAIN, words=words, reached=not names & UNREACHED, paid=paid)
    if type(error).__name__ == "APIError":  # it came within a stream
        return Fault(kind=kind_of(None, words), words=words, paid=True)
    if getattr(error, "is_retryable", False):
        return Fault(kind=Kind.AGAIN, words=words)
    return Fault(kind=Kind.DEAD, words=f"{type(error).__name__}: {words}")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_network(error: BaseException, names: Set[str]) -> bool:
    if isinstance(error, OSError | http.client.HTTPException):
        return True
    return any(part in name for name in names for part in NETWORK)


def _status(error: BaseException) -> int | None:
    for one in _chain(error):
        response = getattr(one, "response", None)
        told = response.get("ResponseMetadata", {}).get("HTTPStatusCode") if isinstance(response, dict) else None
        places: list[Any] = [getattr(one, "status_code", None), getattr(one, "code", None), told]
        places.append(getattr(response, "status_code", None))
        for found in places:
            if isinstance(found, int) and 100 <= found < 600:
                return found
    return None


def _headers(error: BaseException) -> Mapping[str, str]:
    for one in _chain(error):
        headers = getattr(getattr(one, "response", None), "headers", None)
        if headers is not None:
            return dict(headers)
    return {}


def _words(error: BaseException) -> str:
    """What the endpoint said, without the client's wrapping where it has a message of its own."""
    body = getattr(error, "body", None)
    if isinstance(body, Mapping) and (told := words_in(body)):
        return told
    said = str(error) or type(error).__name__
    deepest = list(_chain(error))[-1]
    if said.rstrip(".") in {"Connection error", "Request timed out"} and deepest is not error:
        return f"{said.rstrip('.')}: {deepest}" if str(deepest) else said
    return said
