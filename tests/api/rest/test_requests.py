"""What every request meets: its id, its line in the log, its measurement."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from serving import app_of, key_for, submitted

from api.rest.requests import HEADER
from storage.store import Store, open_store
from workers.logs import FIELDS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def app(store: Store, tmp_path: Path) -> FastAPI:
    app = app_of(store, tmp_path)

    @app.get("/broken/{name}")
    def broken(name: str) -> None:
        raise RuntimeError(name)

    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as opened:
        yield opened


def test_a_request_has_an_id(client: TestClient) -> None:
    assert client.get("/healthz", headers={HEADER: "mine-1.2_3"}).headers[HEADER] == "mine-1.2_3"
    made = [
        client.get("/healthz", headers={HEADER: given}).headers[HEADER] for given in (b"", b"a b", b"x" * 65, b"\xe9")
    ]
    assert len(set(made)) == 4
    assert all(len(one) == 16 for one in made)
    assert len(client.get("/nothing").headers[HEADER]) == 16


def test_a_mistake_of_ours_is_answered_logged_once_and_found_by_its_id(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    answer = client.get("/broken/x", headers={HEADER: "mine"})
    assert (answer.status_code, answer.headers[HEADER]) == (500, "mine")
    assert "x" not in answer.json()["detail"].split()
    assert [record.levelname for record in caplog.records if record.exc_info] == ["ERROR"]


def test_the_log_has_a_line_without_the_query(
    store: Store, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    submitted(store, "a1")
    accepts = {"Accept": "text/event-stream", "Last-Event-ID": "x"}
    client.get("/v1/jobs/a1/steps?secret=hush", headers=key_for(store, "acme") | accepts)
    (record,) = [one for one in caplog.records if one.name == "api.rest.requests"]
    fields = getattr(record, FIELDS)
    assert record.getMessage() == "GET /v1/jobs/a1/steps 422"
    assert (fields["route"], fields["job"], fields["status"]) == ("/v1/jobs/{job_id}/steps", "a1", 422)
    assert "hush" not in f"{record.getMessage()} {fields}"
