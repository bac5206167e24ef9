"""A git server behind https on this host: git's own http-backend, with the faults a test asks for."""

import http.server
import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from listening import listening

from tools.git.source import Admission

PRIVATE = Admission(private=True)
TLS = Path(__file__).parent / "tls"
CERTIFICATE = TLS / "cert.pem"


class GitServer(http.server.ThreadingHTTPServer):
    """Serves the bare repositories beneath a folder."""

    daemon_threads = True

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.root = root
        self.requests: list[str] = []
        self.redirect: str | None = None
        self.status: int | None = None
        self.body: bytes | None = None
        self.dumb = False
        """Serve files as they are, for git's old protocol, in place of an answer of git's."""
        self.authorization: str | None = None
        """What a request must bring to be answered; whoever brings none is asked for it."""
        self.command_lines = b""
        """Of all processes, while signed-in requests were answered."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, TLS / "key.pem")
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def url(self, name: str) -> str:
        """The address of a repository."""
        return f"https://127.0.0.1:{self.server_address[1]}/{name}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: GitServer

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._answer(body)

    def _answer(self, body: bytes) -> None:
        server = self.server
        server.requests.append(f"{self.command} {self.path}")
        if server.authorization is not None and self.headers.get("Authorization") != server.authorization:
            self._send(401, {"WWW-Authenticate": 'Basic realm="git"'}, b"")
            return
        if server.authorization is not None:
            server.command_lines += b"".join(_read(path) for path in Path("/proc").glob("[0-9]*/cmdline"))
        if server.redirect is not None:
            self._send(302, {"Location": server.redirect}, b"")
        elif server.status is not None:
            self.send_error(server.status)
        elif server.dumb:
            self._plain()
        elif server.body is not None:
            self._send(200, {}, server.body)
        else:
            self._git(body)

    def _plain(self) -> None:
        file = self.server.root / self.path.partition("?")[0].lstrip("/")
        if file.is_file():
            self._send(200, {"Content-Type": "text/plain"}, file.read_bytes())
        else:
            self.send_error(404)

    def _git(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "http-backend"],
            input=body,
            capture_output=True,
            check=False,  # It fails where git on the other side is to be told why.
            env={
                "PATH": os.environ["PATH"],
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_CONFIG_GLOBAL": "/dev/null",
                "GIT_PROJECT_ROOT": str(self.server.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            },
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self._send(int(fields.pop("Status", "200").split()[0]), fields, content)

    def _send(self, status: int, fields: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in {**fields, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@contextmanager
def serving(root: Path) -> Iterator[GitServer]:
    """A running server for the repositories beneath `root`."""
    with listening(GitServer(root)) as server:
        yield server
