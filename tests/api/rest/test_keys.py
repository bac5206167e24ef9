"""Keys: who may call, and what the others are told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.rest.app import make_app
from api.rest.service import Service
from storage.store import open_store
from workers.settings import Settings


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with open_store(tmp_path) as store:
        app = make_app(Service(settings=Settings(home=tmp_path), store=store, tell=lambda _: None))
        with TestClient(app) as opened:
            yield opened


def test_the_service_says_that_it_is_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "checks": {"database": "ok", "broker": "ok"}}


def test_what_is_not_there_is_a_problem(client: TestClient) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Not Found"
