"""Where the API listens."""

import socket

from api.rest.listening import bind


def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    with bind("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()) as client:
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert client.getpeername() == listening.getsockname()
