"""A real server over loopback, and a reader of its event streams."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from agent.domain import Job
from api.rest.app import make_app
from api.rest.server import Server
from api.rest.service import Service
from storage.store import Store
from storage.submission import Submission
from storage.tenants import Scope
from workers.settings import Settings

LONG_S = 60.0


@dataclass
class Event:
    """One event of a stream."""

    event: str
    data: Any
    id: str | None


def app_of(store: Store, home: Path, **settings: Any) -> FastAPI:
    return make_app(Service(settings=Settings(home=home, **settings), store=store, tell=lambda _: None))


def key_for(store: Store, tenant: str, *scopes: Scope) -> dict[str, str]:
    """The header of a new key."""
    store.tenants.ensure(tenant, tenant)
    key = store.tenants.make_key(tenant, "test", scopes or (Scope.READ, Scope.WRITE))
    return {"Authorization": f"Bearer {key}"}


def submitted(store: Store, job_id: str, tenant: str = "acme") -> str:
    job = Job(id=job_id, source="https://example.org/x", created=datetime.now(UTC))
    return store.queue.submit(job, Submission(tenant=tenant))


@contextmanager
def served(app: FastAPI) -> Iterator[tuple[Server, httpx.Client]]:
    """The application behind a real server; its client."""
    listening = socket.create_server(("127.0.0.1", 0))
    host, port = listening.getsockname()
    server = Server(app, host=host, port=port)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    limits = httpx.Limits(max_connections=None)
    with httpx.Client(base_url=f"http://{host}:{port}", timeout=LONG_S, limits=limits, trust_env=False) as client:
        yield server, client
    server.should_exit = True
    thread.join(LONG_S)
    assert not thread.is_alive()


def events_of(response: httpx.Response) -> Iterator[Event]:
    """The events as they come; comments are left out."""
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif not line and "event" in fields:
            yield Event(fields["event"], json.loads(fields["data"]), fields.get("id"))
            fields = {}
