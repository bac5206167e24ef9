"""What every request meets on its way: an id, a line in the log, a measurement and a span."""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.meters import RequestMeters
from workers.context import about, facts
from workers.logs import FIELDS
from workers.tracing.traces import Span, Traces

HEADER = "X-Request-ID"
UNMATCHED = "unmatched"
"""What stands for the route where a request fits none: paths of strangers are no labels."""
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_log = logging.getLogger(__name__)


class Requests:
    """Stands around the whole application, so that it sees every answer, also that to a mistake of ours."""

    def __init__(self, app: ASGIApp, meters: RequestMeters, traces: Traces) -> None:
        self._app = app
        self._meters = meters
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers.get(HEADER))
        with self._traces.request(headers) as span, about(request=request_id, trace=span.trace_id or None):
            passage = _Passage(scope, send, request_id)
            try:
                await self._app(scope, receive, passage.send)
            except Exception:
                if passage.status is None:
                    raise
                _log.exception("a request failed by a mistake of ours")  # and was answered as such
            finally:
                self._tell(passage, span)

    def _tell(self, passage: "_Passage", span: Span) -> None:
        method, route = passage.scope["method"], passage.route
        status = passage.status or 499  # the client went away before there was an answer
        self._meters.observe(method, route, status, passage.waited_s)
        told = {"http.request.method": method, "http.route": route, "http.response.status_code": status}
        told |= {f"hasten.{name}": value for name, value in facts().items() if name != "trace"}
        span.tell(told, name=f"{method} {route}", failed=status >= 500)
        client = passage.scope.get("client")
        fields = {
            "method": method,
            "path": passage.scope["path"],  # without the query
            "route": route,
            "status": status,
            "seconds": round(passage.waited_s, 4),
            "client": client[0] if client else "",
        }
        if job_id := passage.scope.get("path_params", {}).get("job_id"):
            fields["job"] = job_id
        _log.info("%s %s %s", method, passage.scope["path"], status, extra={FIELDS: fields})


class _Passage:
    """One request on its way through."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self.scope = scope
        self.status: int | None = None
        self._send = send
        self._request_id = request_id
        self._began_s = time.perf_counter()
        self._answered_s: float | None = None

    @property
    def route(self) -> str:
        """The path as the routes have it, with names in place of what a caller put there."""
        path: str = getattr(self.scope.get("route"), "path_format", UNMATCHED)
        return path

    @property
    def waited_s(self) -> float:
        """Until the answer began: a stream may go on for hours."""
        return (self._answered_s or time.perf_counter()) - self._began_s

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._answered_s = time.perf_counter()
            MutableHeaders(scope=message)[HEADER] = self._request_id
        await self._send(message)


def _request_id(given: str | None) -> str:
    """The caller's own where it is a plain one, so that a request can be found in the logs of both."""
    return given if given and _GIVEN.fullmatch(given) else secrets.token_hex(8)
