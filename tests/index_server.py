"""A package index on this host that asks for a password, with the manners and the faults that a test wants."""

import base64
import hashlib
import http.server
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from listening import listening

USER, PASSWORD = "lector-of-the-index", "hunter22-of-the-index"
AUTHORIZATION = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@dataclass
class Manners:
    """How the index answers."""

    json: bool = False
    """As PEP 691 has it, with the metadata beside each file (PEP 658); else HTML."""
    further_links: list[str] = field(default_factory=list)
    """Addresses that every page lists too."""
    redirect: str | None = None
    """Where every file is said to be."""
    status: int | None = None
    """What everything is answered with; the body repeats what was sent."""
    tampered: bool = False
    """Files are not what their hashes say."""


class IndexServer(http.server.ThreadingHTTPServer):
    """Serves the wheels of a folder to who knows the password."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.manners = Manners()
        self.requests: list[tuple[str, str, str | None]] = []
        """Method, path and Range of each."""

    @property
    def host(self) -> str:
        """Its place, with the port."""
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        """The index, with its password."""
        return f"http://{USER}:{PASSWORD}@{self.host}/simple"

    @property
    def paths(self) -> list[str]:
        """What was asked for."""
        return [path for _, path, _ in self.requests]


class Handler(http.server.BaseHTTPRequestHandler):
    server: IndexServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        server, manners = self.server, self.server.manners
        server.requests.append((self.command, self.path, self.headers.get("Range")))
        if manners.status is not None:
            self.send(manners.status, f"you sent {self.headers}".encode(), "text/plain")
        elif self.headers.get("Authorization") != AUTHORIZATION:
            self.send(401, f"you sent {self.headers}".encode(), "text/plain", {"WWW-Authenticate": "Basic"})
        elif self.path.startswith("/simple/"):
            self.page(self.path.split("/")[2])
        elif manners.redirect is not None:
            self.send(302, b"", "text/plain", {"Location": manners.redirect})
        else:
            self.file(self.path.rpartition("/")[2])

    def page(self, project: str) -> None:
        files = sorted(file for file in self.server.folder.iterdir() if file.name.startswith(f"{project}-"))
        if not files:
            self.send(404, f"you sent {self.headers}".encode(), "text/plain")
            return
        links = [(f"../../files/{file.name}", sha256(file)) for file in files]
        links += [(url, "0" * 64) for url in self.server.manners.further_links]
        if self.server.manners.json:
            listed = [
                {
                    "filename": url.rpartition("/")[2],
                    "url": url,
                    "hashes": {"sha256": digest},
                    "core-metadata": True,
                    "requires-python": ">=3.8",
                }
                for url, digest in links
            ]
            page = {"meta": {"api-version": "1.0"}, "name": project, "files": listed}
            self.send(200, json.dumps(page).encode(), "application/vnd.pypi.simple.v1+json")
        else:
            anchors = [
                f'<a href="{url}#sha256={digest}" data-requires-python="&gt;=3.8">x</a>' for url, digest in links
            ]
            self.send(200, "<br>".join(anchors).encode(), "text/html")

    def file(self, name: str) -> None:
        file = self.server.folder / name.removesuffix(".metadata")
        if not file.is_file():
            self.send(404, b"", "text/plain")
            return
        content = metadata(file) if name.endswith(".metadata") else file.read_bytes()
        if self.server.manners.tampered:
            content = content[:-1] + bytes([content[-1] ^ 1])
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if asked is None:
            self.send(200, content, "application/octet-stream", {"Accept-Ranges": "bytes"})
            return
        size = len(content)
        first = int(asked[1]) if asked[1] else size - int(asked[2])
        last = min(int(asked[2]) if asked[1] and asked[2] else size - 1, size - 1)
        fields = {"Content-Range": f"bytes {first}-{last}/{size}", "Accept-Ranges": "bytes"}
        self.send(206, content[first : last + 1], "application/octet-stream", fields)

    def send(self, status: int, content: bytes, kind: str, fields: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **(fields or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def metadata(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as packed:
        return next(packed.read(name) for name in packed.namelist() if name.endswith("/METADATA"))


def write_wheel(folder: Path, name: str, files: dict[str, str], *requires: str) -> Path:
    """A wheel of version 1.0, big enough that nobody takes all of it to read its metadata."""
    info = f"{name}-1.0.dist-info"
    needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
    contents = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    contents[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*contents, f"{info}/RECORD"))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
    return file


@contextmanager
def offering(folder: Path) -> Iterator[IndexServer]:
    """A running index of the wheels in a folder."""
    with listening(IndexServer(folder)) as server:
        yield server
