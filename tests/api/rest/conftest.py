"""A service in this process, and clients with keys of its tenants."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.rest.app import make_app
from api.rest.service import Service
from storage.store import Store, open_store
from storage.tenants import Scope
from workers.settings import Settings

ClientOf = Callable[..., TestClient]
AppOf = Callable[..., FastAPI]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("service")) as opened:
        yield opened


@pytest.fixture(scope="module")
def all_told() -> list[str]:
    """Ids that the broker was told of, in this module."""
    return []


@pytest.fixture
def told(all_told: list[str]) -> list[str]:
    """Ids that the broker was told of, in this test."""
    all_told.clear()
    return all_told


@pytest.fixture(scope="module")
def app_of(store: Store, all_told: list[str]) -> AppOf:
    """The application under some settings; made once, for it takes a noticeable time."""
    made: dict[str, FastAPI] = {}

    def app(**settings: object) -> FastAPI:
        given = Settings(home=store.home, **settings)  # type: ignore[arg-type]
        if repr(given) not in made:
            made[repr(given)] = make_app(Service(settings=given, store=store, tell=all_told.append))
        return made[repr(given)]

    return app


@pytest.fixture(scope="module")
def client_of(store: Store, app_of: AppOf) -> ClientOf:
    """A client of a tenant, whose key has these scopes, or all."""

    def made(tenant: str = "main", *scopes: Scope, **settings: object) -> TestClient:
        store.tenants.ensure(tenant, tenant)
        key = store.tenants.make_key(tenant, "a test's", scopes or list(Scope))
        headers = {"Authorization": f"Bearer {key}"}
        return TestClient(app_of(**settings), headers=headers, raise_server_exceptions=False)

    return made


@pytest.fixture(scope="module")
def client(client_of: ClientOf) -> TestClient:
    """The administrator."""
    return client_of()
