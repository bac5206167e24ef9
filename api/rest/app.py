"""The application: its routes, its errors, and what each request meets on its way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from starlette.types import ASGIApp

from api.rest import (
    candidates,
    credentials,
    health,
    jobs,
    judgements,
    keys,
    metrics,
    openapi,
    outcomes,
    problems,
    reviews,
    steps,
    tenants,
    transfers,
    webhooks,
)
from api.rest.doorway import Doorway
from api.rest.meters import RequestMeters
from api.rest.rates import make_buckets
from api.rest.requests import Requests
from api.rest.service import Service
from api.rest.stream import routes as stream
from api.rest.stream.tailer import Tailer

TITLE = "Hasten"
ROUTERS = (
    stream.router,
    jobs.router,
    steps.router,
    candidates.router,
    reviews.router,
    outcomes.router,
    judgements.router,
    keys.router,
    credentials.router,
    webhooks.router,
    tenants.router,
    transfers.router,
    health.router,
    metrics.router,
)
"""In this order: the stream comes before the page of the same path."""
ENDPOINTS_AT_ONCE = 8
"""In one process; more would wait for each other and for connections of the database, and answer no sooner."""


class Application(FastAPI):
    """FastAPI with what every request meets outside of everything else."""

    def __init__(self, service: Service, **options: Any) -> None:
        super().__init__(**options)
        self.state.service = service
        self.state.meters = RequestMeters(service.settings.metrics_folder)

    def build_middleware_stack(self) -> ASGIApp:
        """As FastAPI has it, with `Requests` around it."""
        return Requests(super().build_middleware_stack(), self.state.meters, self.state.service.traces)


def make_app(service: Service) -> FastAPI:
    """The application of one service."""
    app = Application(
        service,
        title=TITLE,
        version=version("hasten"),
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.tailer = Tailer(service.store.following)
    app.state.buckets = make_buckets(service.settings)
    problems.install(app)
    app.add_middleware(Doorway, routes=app, uploads=(transfers.IMPORTS,))
    for router in ROUTERS:
        app.include_router(router)
    openapi.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    tailer: Tailer = app.state.tailer
    current_default_thread_limiter().total_tokens = ENDPOINTS_AT_ONCE
    yield
    await tailer.close()
