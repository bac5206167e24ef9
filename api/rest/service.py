"""What every endpoint works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from storage.store import Store
from workers.settings import Settings
from workers.tracing.traces import Traces, Untraced


@dataclass(frozen=True, kw_only=True)
class Service:
    """One process of the API."""

    settings: Settings
    store: Store
    tell: Callable[[str], None]
    """Sends a job's id to the broker, after the job is on disk."""
    traces: Traces = field(default_factory=Untraced)


async def service_of(request: Request) -> Service:
    """The service that a request came to; a dependency of endpoints."""
    service: Service = request.app.state.service
    return service


Held = Annotated[Service, Depends(service_of)]
"""The service, as an endpoint asks for it."""
