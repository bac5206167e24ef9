"""One message to a stranger's server: pinned to the address that was checked, along no redirect, within its time."""

import http.server
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from listening import listening

from tools.errors import InfrastructureError, UserError
from tools.network.outgoing import post


class Receiver(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, status: int = 204) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = status
        self.taken: list[tuple[str, str, bytes]] = []
        self.url = f"http://localhost:{self.server_address[1]}/hook?x=1"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, self.headers["Host"], body))
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        if self.server.status == 200:
            self.wfile.write(b"x" * 100000)


@contextmanager
def receiving(status: int = 204) -> Iterator[Receiver]:
    with listening(Receiver(status)) as server:
        yield server


def test_a_message_arrives_under_the_hosts_name() -> None:
    with receiving() as server:
        answer = post(server.url, b"{}", {"X-Id": "1"}, private=True)
        assert answer.status == 204
        assert server.taken == [("/hook?x=1", f"localhost:{server.server_address[1]}", b"{}")]


def test_a_redirect_is_not_followed() -> None:
    with receiving(302) as server:
        assert post(server.url, b"{}", {}, private=True).status == 302
        assert len(server.taken) == 1


def test_no_more_of_an_answer_is_read_than_was_asked_for() -> None:
    with receiving(200) as server:
        assert len(post(server.url, b"{}", {}, private=True, most_bytes=10).body) == 10


def test_a_private_host_is_not_connected_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        with pytest.raises(UserError, match="private"):
            post("https://localhost/hook", b"{}", {})
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_the_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is checked and private when it is connected to, as in DNS rebinding."""
    looked_up: list[str] = []
    ask = socket.getaddrinfo

    def rebinding(host: str, *args: object, **kwargs: object) -> object:
        if host == "rebound.example":
            looked_up.append(host)
            host = "127.0.0.1" if len(looked_up) == 1 else "192.0.2.1"
        return ask(host, *args, **kwargs)  # type: ignore[arg-type]

    with receiving() as server:
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        assert post(server.url.replace("localhost", "rebound.example"), b"{}", {}, private=True).status == 204
    assert looked_up == ["rebound.example"]


def test_an_answer_that_drips_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = threading.Event()

        def drip() -> None:
            with listener.accept()[0] as line:
                line.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                while not done.wait(0.05):
                    try:
                        line.sendall(b"x")
                    except OSError:
                        return

        dripping = threading.Thread(target=drip)
        dripping.start()
        began = time.monotonic()
        with pytest.raises(InfrastructureError, match=r"within 0\.5 s"):
            post(f"http://127.0.0.1:{listener.getsockname()[1]}/", b"{}", {}, private=True, whole_s=0.5)
        assert time.monotonic() - began < 10
        done.set()
        dripping.join()
