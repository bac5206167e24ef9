"""What every request meets before an endpoint, and every answer after it: sizes, kinds, methods and headers."""

from collections.abc import Collection, Iterable

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.answers import HEADERS, allowed
from api.rest.problems import problem

MOST_BODY_BYTES = 1 << 20
WITH_BODY = ("POST", "PUT", "PATCH")


class Doorway:
    """Refuses what no endpoint is to read, and sends what no endpoint is to forget."""

    def __init__(
        self,
        app: ASGIApp,
        routes: FastAPI,
        most_body_bytes: int = MOST_BODY_BYTES,
        uploads: Collection[str] = (),
    ) -> None:
        """`uploads` are paths whose endpoints read a body of their own kind, and hold it to a size, by themselves."""
        self._app = app
        self._routes = routes
        self._most_body_bytes = most_body_bytes
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        sending = _with_headers(send, scope)
        if refusal := self._refusal(scope):
            await refusal(scope, receive, sending)
            return
        if scope["method"] == "HEAD":  # as GET, but for the body
            scope, sending = {**scope, "method": "GET"}, _without_body(sending)
        await self._app(scope, receive if scope["path"] in self._uploads else self._capped(receive), sending)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        """What is answered at once; None for what goes on to an endpoint."""
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and (methods := allowed(self._routes, scope)):
            return _options(methods)
        if scope["path"] in self._uploads:
            return None
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self._most_body_bytes:
            return problem(413, self._too_large)
        has_body = length != "0" or "transfer-encoding" in headers
        if scope["method"] in WITH_BODY and has_body and not _is_json(headers.get("content-type", "")):
            return problem(415, "send JSON, as `Content-Type: application/json`")
        return None

    @property
    def _too_large(self) -> str:
        return f"the request is larger than {self._most_body_bytes} bytes; send less"

    def _capped(self, receive: Receive) -> Receive:
        """The same for a body that does not say how long it is."""
        taken = 0

        async def capped() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._most_body_bytes:
                raise HTTPException(413, self._too_large)
            return message

        return capped


def _is_json(kind: str) -> bool:
    media = kind.partition(";")[0].strip().lower()
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))


def _options(methods: Iterable[str]) -> ASGIApp:
    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        names = ", ".join(methods).encode()
        await send({"type": "http.response.start", "status": 204, "headers": [(b"allow", names)]})
        await send({"type": "http.response.body", "body": b""})

    return respond


def _with_headers(send: Send, scope: Scope) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in {**HEADERS, **scope["state"].get("headers", {})}.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _without_body(send: Send) -> Send:
    async def sending(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending
