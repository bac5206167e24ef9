"""The application: its routes, its errors, and what each request meets on its way."""

from importlib.metadata import version

from fastapi import FastAPI

from api.rest import credentials, health, problems
from api.rest.service import Service

TITLE = "Hasten"
ROUTERS = (health.router, credentials.router)


def make_app(service: Service) -> FastAPI:
    """The application of one service."""
    app = FastAPI(title=TITLE, version=version("hasten"))
    app.state.service = service
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    return app
