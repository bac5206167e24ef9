"""The application: its routes, its errors, and what each request meets on its way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from api.rest import credentials, health, jobs, problems, steps
from api.rest.service import Service
from api.rest.stream import routes as stream
from api.rest.stream.tailer import Tailer

TITLE = "Hasten"
ROUTERS = (stream.router, jobs.router, steps.router, credentials.router, health.router)
"""In this order: the stream comes before the page of the same path."""


def make_app(service: Service) -> FastAPI:
    """The application of one service."""
    app = FastAPI(
        title=TITLE,
        version=version("hasten"),
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.service = service
    app.state.tailer = Tailer(service.store.following)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    tailer: Tailer = app.state.tailer
    yield
    await tailer.close()
