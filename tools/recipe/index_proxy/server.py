"""The proxy as a server on a Unix socket, for one build."""

import http.server
import os
import shutil
import socketserver
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tools.errors import HastenError, UserError
from tools.network.indexes import Index, indexes, pages_of_links
from tools.recipe.index_proxy.answers import Answers, Asked
from tools.recipe.index_proxy.upstream import Upstream

SOCKET = "socket"
MOST_CONNECTIONS = 128
"""At once; those beyond are hung up on."""
IDLE_S = 120.0
"""How long a connection may stand open without a request, or a request without its next byte."""


class IndexProxy:
    """Answers one build while it is entered; `folder` is made for the socket and removed with it."""

    def __init__(self, index_env: Mapping[str, str], folder: Path) -> None:
        self.indexes = tuple(index for index in indexes(index_env) if not index.is_local)
        self.links = tuple(index for index in pages_of_links(index_env) if not index.is_local)
        self._folder = folder
        self._upstream = Upstream((*self.indexes, *self.links), index_env)
        self._answers = Answers(self.indexes, self.links, self._upstream)
        self.log = self._answers.log

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self._folder / SOCKET

    def path_of(self, place: Index) -> str:
        """Where an index or a page of links is found on the proxy."""
        if place in self.indexes:
            return f"/{self.indexes.index(place)}/"
        return f"/links/{self.links.index(place)}/"

    def __enter__(self) -> Self:
        self._folder.mkdir(mode=0o700)
        descriptor = os.open(self._folder, os.O_PATH | os.O_DIRECTORY)
        try:
            # A socket's path has 108 bytes at most, and the folder may stand deep.
            self._server = _Server(f"/proc/self/fd/{descriptor}/{SOCKET}", self._answers)
        finally:
            os.close(descriptor)
        # Whoever stands in a sandbox may write to it; on this host only the folder's owner comes so far.
        self.socket.chmod(0o666)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._upstream.close()
        shutil.rmtree(self._folder)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, path: str, answers: Answers) -> None:
        super().__init__(path, _Handler)
        self.answers = answers
        self.room = threading.Semaphore(MOST_CONNECTIONS)

    def verify_request(self, request: object, client_address: object) -> bool:
        """Whether there is room for one more: a build that opens thousands gets no thread for each."""
        del request, client_address
        return self.room.acquire(blocking=False)

    def handle_error(self, request: object, client_address: object) -> None:
        """A build that hangs up is no mistake of ours, and nothing of it goes to our standard error."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "hasten", ""
    timeout = IDLE_S
    wbufsize = 1 << 16
    server: _Server

    def handle(self) -> None:
        """One connection."""
        try:
            super().handle()
        finally:
            self.server.room.release()

    def address_string(self) -> str:
        """A Unix socket's other end has no name."""
        return "build"

    def log_message(self, format: str, *args: object) -> None:
        """What was asked for is kept in the log of the answers."""

    def do_GET(self) -> None:
        """Answer, or say in a line why not."""
        self._begun = False
        asked = Asked(method=self.command, path=self.path, headers=dict(self.headers))
        try:
            self.server.answers.answer(asked, self._begin)
        except HastenError as error:
            if not (isinstance(error, UserError) and error.status in (403, 404)):
                self.server.answers.log.troubles.append(error)
            self.close_connection = True
            if not self._begun:
                self._begin(error.status if isinstance(error, UserError) else 502, {}, 0)
        self.wfile.flush()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_CONNECT = do_TRACE = do_GET  # noqa: N815 - as the base class calls them

    def _begin(self, status: int, headers: Mapping[str, str], length: int | None) -> IO[bytes]:
        self._begun = True
        if self.command not in ("GET", "HEAD"):
            self.close_connection = True  # a body that nobody reads may follow
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        else:
            self.close_connection = True
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        return self.wfile  # type: ignore[return-value]
