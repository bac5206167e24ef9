"""The HTTP server: uvicorn, which lets the event streams end before it waits for its connections."""

import socket

import uvicorn
from fastapi import FastAPI

from api.rest.stream.tailer import Tailer

STOP_S = 10
"""How long a stop waits for requests that are being answered."""


class Server(uvicorn.Server):
    """Serves one application; a stop ends its event streams first, which would otherwise last as long as their jobs."""

    def __init__(self, app: FastAPI, *, host: str, port: int) -> None:
        """Port 0 takes any that is free."""
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,  # `workers/logs.py` does it
                access_log=False,  # `api/rest/requests.py` does it, without query strings
                server_header=False,
                timeout_graceful_shutdown=STOP_S,
            )
        )
        self._tailer: Tailer = app.state.tailer

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, once the streams were told to end."""
        self._tailer.stop()
        await super().shutdown(sockets)
