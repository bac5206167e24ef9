"""The HTTP server: uvicorn, which lets the event streams end before it waits for its connections."""

import socket
from collections.abc import Callable, Sequence

import uvicorn
from fastapi import FastAPI

from api.rest.stream.tailer import Tailer

STOP_S = 10
"""How long a stop waits for requests that are being answered."""
KEEP_ALIVE_S = 75
"""Longer than a proxy in front keeps an idle connection, so that it never sends a request down one that just closes."""
BACKLOG = 2048
"""So many connections may wait to be taken."""


class Server(uvicorn.Server):
    """Serves one application; a stop ends its event streams first, which would otherwise last as long as their jobs."""

    def __init__(
        self,
        app: FastAPI,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        trusted_proxies: Sequence[str] = (),
        started: Callable[[], None] = lambda: None,
        stopping: Callable[[], None] = lambda: None,
    ) -> None:
        """Port 0 takes any that is free. Only what `trusted_proxies` name may say for whom it asks.

        `started` is called once requests are answered, `stopping` when the end begins.
        """
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,  # `workers/logs.py` does it
                access_log=False,  # `api/rest/requests.py` does it, without query strings
                server_header=False,
                ws="none",
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=STOP_S,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=list(trusted_proxies),  # else uvicorn asks the environment
            )
        )
        self._tailer: Tailer = app.state.tailer
        self._tell_started, self._tell_stopping = started, stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, and say so."""
        await super().startup(sockets)
        if self.started:
            self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, once the streams were told to end."""
        self._tell_stopping()
        self._tailer.stop()
        await super().shutdown(sockets)
