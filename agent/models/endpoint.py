"""Serves a script as an endpoint that speaks OpenAI's protocol: chat completions, whole or as a stream."""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from agent.models.completions import chunks, completion, problem, request_of
from agent.models.player import Player, ScriptDiffers
from agent.models.script import Answer, Failure
from tools.errors import UserError

MOST_BODY_BYTES = 64 << 20
JSON = "application/json"


class Endpoint(ThreadingHTTPServer):
    """The server; `tell` hears each request that the script did not expect."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, player: Player, *, port: int = 0, tell: Callable[[str], None] | None = None) -> None:
        """`port` 0 takes a free one; raises UserError for one that is taken."""
        self.player = player
        self.tell = tell or (lambda _: None)
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise UserError(f"port {port} cannot be used: {error.strerror}; name another one by --port") from error

    @property
    def url(self) -> str:
        """What OPENAI_BASE_URL is set to."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news here."""


@contextlib.contextmanager
def serving(player: Player, *, port: int = 0, tell: Callable[[str], None] | None = None) -> Iterator[Endpoint]:
    """A running endpoint, which ends with the block."""
    with Endpoint(player, port=port, tell=tell) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), name="endpoint", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # head and body in one packet
    server: Endpoint

    def do_GET(self) -> None:
        """The list of models."""
        if self.path.rstrip("/").endswith("/models"):
            listed = {"object": "list", "data": [{"id": "replay", "object": "model", "owned_by": "hasten"}]}
            self._answer(200, json.dumps(listed).encode())
        else:
            self._nowhere()

    def do_POST(self) -> None:
        """A chat completion: the script's next entry."""
        length = int(self.headers.get("content-length") or 0)
        if length > MOST_BODY_BYTES:
            self.close_connection = True
            return self._answer(413, problem("the request is larger than this endpoint takes", "too_large"))
        sent = self.rfile.read(length)
        if not self.path.rstrip("/").endswith("/chat/completions"):
            return self._nowhere()
        try:
            body = json.loads(sent)
            request = request_of(body)
            number, entry = self.server.player.take(request)
        except ValueError as error:
            return self._answer(400, problem(str(error), "no_request"))
        except ScriptDiffers as error:
            self.server.tell(str(error))
            return self._answer(409, problem(str(error), "script_differs"))
        time.sleep(entry.delay_s)
        if entry.fault is not None:
            return self._fail(entry.fault)
        assert entry.reply is not None
        if body.get("stream"):
            return self._stream(entry.reply, number, body)
        return self._answer(200, json.dumps(completion(entry.reply, number, request.model)).encode())

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing is logged: requests hold somebody's code."""

    def _stream(self, answer: Answer, number: int, body: Mapping[str, Any]) -> None:
        counts = bool((body.get("stream_options") or {}).get("include_usage"))
        self._begin_stream()
        for chunk in chunks(answer, number, str(body["model"]), counts=counts):
            self._chunk(f"data: {json.dumps(chunk)}\n\n".encode())
        self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _fail(self, fault: Failure) -> None:
        text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
        if not fault.dropped:
            return self._answer(fault.status, text.encode(), fault.headers)
        if text:
            self._begin_stream()
            self._chunk(text.encode())
            self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _nowhere(self) -> None:
        self._answer(
            HTTPStatus.NOT_FOUND, problem(f"there is nothing at {self.path}; use /v1/chat/completions", "path")
        )

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": JSON, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
