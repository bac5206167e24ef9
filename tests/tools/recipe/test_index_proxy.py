"""The proxy to the package indexes: what it answers, what it refuses, and what it never tells."""

import http.client
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_server import AUTHORIZATION, PASSWORD, IndexServer, offering, sha256, write_wheel

from tools.errors import InfrastructureError, UserError
from tools.recipe.index_proxy import answers
from tools.recipe.index_proxy.server import MOST_CONNECTIONS, IndexProxy


class Line(http.client.HTTPConnection):
    """A connection over the proxy's socket, as the relay makes it."""

    def __init__(self, path: Path) -> None:
        super().__init__("127.0.0.1", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[IndexServer]:
    write_wheel(tmp_path / "wheels", "friend", {"friend.py": "x = 1\n" * 20_000})
    with offering(tmp_path / "wheels") as running:
        yield running


@pytest.fixture
def proxy(server: IndexServer, tmp_path: Path) -> Iterator[IndexProxy]:
    with IndexProxy({"UV_DEFAULT_INDEX": server.url}, tmp_path / "way") as opened:
        yield opened


def ask(
    proxy: IndexProxy, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    line = Line(proxy.socket)
    line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        line.putheader(name, value)
    line.endheaders()
    reply = line.getresponse()
    found = (reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    line.close()
    return found


def listed(proxy: IndexProxy) -> str:
    """Where the one file of the one project is found."""
    _, _, page = ask(proxy, "/0/friend/")
    [path] = re.findall(r'href="([^"#]+)', page.decode())
    return path


@pytest.mark.parametrize("as_json", [False, True])
def test_a_page_leads_back_to_the_proxy_and_keeps_what_it_says(
    proxy: IndexProxy, server: IndexServer, as_json: bool
) -> None:
    server.manners.json = as_json
    status, headers, page = ask(proxy, "/0/Friend")
    assert status == 200
    assert server.host not in page.decode()
    digest = sha256(next(server.folder.iterdir()))
    if as_json:
        assert headers["content-type"] == "application/vnd.pypi.simple.v1+json"
        [file] = json.loads(page)["files"]
        assert (file["hashes"], file["core-metadata"], file["requires-python"]) == ({"sha256": digest}, True, ">=3.8")
        path = file["url"]
    else:
        [(path, found, python)] = re.findall(
            r'href="(/files/[^"#]+)#sha256=(\w+)" data-requires-python="([^"]+)"', page.decode()
        )
        assert (found, python) == (digest, "&gt;=3.8")
    status, _, content = ask(proxy, path)
    assert (status, content) == (200, next(server.folder.iterdir()).read_bytes())
    assert ask(proxy, f"{path}.metadata")[2].startswith(b"Metadata-Version: 2.1")


def test_parts_of_a_file_are_had_as_from_the_index(proxy: IndexProxy, server: IndexServer) -> None:
    path, content = listed(proxy), next(server.folder.iterdir()).read_bytes()
    status, headers, body = ask(proxy, path, "HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(content)), b"")
    assert headers["accept-ranges"] == "bytes"
    status, headers, body = ask(proxy, path, Range="bytes=-100")
    assert (status, body) == (206, content[-100:])
    assert headers["content-range"] == f"bytes {len(content) - 100}-{len(content) - 1}/{len(content)}"


def test_the_credential_goes_to_the_index_and_never_back(proxy: IndexProxy, server: IndexServer) -> None:
    answered = [ask(proxy, "/0/friend/"), ask(proxy, listed(proxy)), ask(proxy, "/0/nothing/")]
    assert answered[2][0] == 404
    server.manners.status = 403
    answered += [ask(proxy, "/0/friend/")]
    assert answered[3][0] == 403
    assert all(AUTHORIZATION not in repr(one) and PASSWORD not in repr(one) for one in answered)
    [trouble] = proxy.log.troubles
    assert "asks for a user name and a password" in str(trouble)
    assert PASSWORD not in str(trouble)


@pytest.mark.parametrize(
    ("method", "path", "status", "refused"),
    [
        ("CONNECT", "github.com:443", 403, "github.com"),
        ("CONNECT", "169.254.169.254:80", 403, "169.254.169.254:80"),
        ("GET", "http://169.254.169.254/latest/meta-data", 403, "169.254.169.254"),
        ("POST", "/0/friend/", 403, "POST /0/friend/"),
        ("PUT", "/legacy/", 403, "PUT /legacy/"),
        ("GET", "/", 404, None),
        ("GET", "/1/friend/", 404, None),
        ("GET", "/0/friend/../../secret", 404, None),
        ("GET", "/0/..%2f..%2fsecret/", 404, None),
        ("GET", "/0/friend%00/", 404, None),
        ("GET", "/links/0/", 404, None),
        ("GET", f"/files/{'0' * 32}/friend-1.0-py3-none-any.whl", 404, None),
    ],
)
def test_everything_else_is_refused(
    proxy: IndexProxy, server: IndexServer, method: str, path: str, status: int, refused: str | None
) -> None:
    assert ask(proxy, path, method)[0] == status
    assert server.requests == []
    assert proxy.log.refused == ([refused] if refused else [])


def test_a_listed_file_is_that_file_and_no_other(proxy: IndexProxy) -> None:
    digest = listed(proxy).split("/")[2]
    for name in ("other-1.0-py3-none-any.whl", "..%2fsecret", "friend-1.0-py3-none-any.whl.sig"):
        assert ask(proxy, f"/files/{digest}/{name}")[0] == 404


def test_a_page_cannot_lead_into_the_network_around_us(proxy: IndexProxy, server: IndexServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0)
        port = other.getsockname()[1]
        server.manners.further_links = [
            f"http://127.0.0.1:{port}/friend-2.0-py3-none-any.whl",
            "http://169.254.169.254/latest/friend-3.0-py3-none-any.whl",
            "https://10.0.0.1/friend-4.0-py3-none-any.whl",
            "https://user:x@files.example/friend-5.0-py3-none-any.whl",
            "file:///etc/friend-6.0-py3-none-any.whl",
        ]
        assert ask(proxy, "/0/friend/")[2].count(b"<a ") == 1
        path = listed(proxy)
        for place in (f"http://127.0.0.1:{port}/x.whl", "https://localhost/x.whl", "http://169.254.169.254/"):
            server.manners.redirect = place
            assert ask(proxy, path)[0] == 400
        with pytest.raises(BlockingIOError):
            other.accept()


def test_a_redirect_takes_no_credential_along(proxy: IndexProxy, server: IndexServer, tmp_path: Path) -> None:
    path = listed(proxy)
    with offering(tmp_path / "wheels") as other:
        env = {"UV_DEFAULT_INDEX": server.url, "UV_INDEX": f"http://{other.host}/simple"}
        with IndexProxy(env, tmp_path / "second") as second:
            path = listed(second)
            server.manners.redirect = f"http://{other.host}/files/friend-1.0-py3-none-any.whl"
            assert ask(second, path)[0] == 401  # the other host got no password, and asked for one


def test_a_build_may_not_take_more_than_it_may(
    proxy: IndexProxy, server: IndexServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = listed(proxy)
    monkeypatch.setattr(answers, "MOST_FILE_BYTES", 1000)
    assert ask(proxy, path)[0] == 422
    monkeypatch.setattr(answers, "MOST_PAGE_BYTES", 10)
    assert ask(proxy, "/0/friend/")[0] == 422
    monkeypatch.undo()
    monkeypatch.setattr(answers, "MOST_REQUESTS", proxy.log.requests)
    before = len(server.requests)
    assert ask(proxy, "/0/friend/")[0] == 422
    assert len(server.requests) == before


def test_connections_beyond_the_most_are_hung_up_on(proxy: IndexProxy) -> None:
    held = []
    try:
        for _ in range(MOST_CONNECTIONS):
            line = socket.socket(socket.AF_UNIX)
            line.connect(str(proxy.socket))
            held.append(line)
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            ask(proxy, "/0/friend/")
    finally:
        for line in held:
            line.close()


def test_an_index_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with IndexProxy({"UV_DEFAULT_INDEX": f"http://user:{PASSWORD}@127.0.0.1:{port}/simple"}, tmp_path / "way") as proxy:
        assert ask(proxy, "/0/friend/")[0] == 502
    [trouble] = proxy.log.troubles
    assert isinstance(trouble, InfrastructureError)
    assert trouble.retryable
    assert str(trouble) == f"The package index 127.0.0.1:{port} could not be reached just now."


def test_the_socket_is_its_owners_and_goes_with_the_build(server: IndexServer, tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100) / "y"
    deep.parent.mkdir()
    with IndexProxy({"UV_DEFAULT_INDEX": server.url}, deep):
        assert deep.stat().st_mode & 0o777 == 0o700
    assert not deep.exists()


def test_no_index_means_none(tmp_path: Path) -> None:
    with IndexProxy({"UV_NO_INDEX": "1"}, tmp_path / "way") as proxy:
        assert ask(proxy, "/0/friend/")[0] == 404
    assert isinstance(proxy.log.troubles, list)
    assert not any(isinstance(one, UserError) for one in proxy.log.troubles)
