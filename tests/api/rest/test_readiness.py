"""Readiness: each part that does not answer is named, and nothing more is told of it."""

import shutil
import socket
from pathlib import Path

from fastapi.testclient import TestClient
from serving import app_of
from sqlalchemy import text

from storage.store import open_store


def test_a_broker_that_does_not_answer_is_named_without_its_address(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        port = taken.getsockname()[1]
        url = f"redis://someone:very-secret@127.0.0.1:{port}/0"
        with open_store(tmp_path) as store, TestClient(app_of(store, tmp_path, broker_url=url)) as client:
            answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"] == [{"at": "broker", "problem": "does not answer"}]
    assert "very-secret" not in answer.text
    assert str(port) not in answer.text


def test_a_schema_of_another_version_is_named(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, TestClient(app_of(store, tmp_path)) as client:
        with store.database.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["detail"] == "the database: its schema is 0004, and this version needs 0006"
        assert client.get("/healthz").json() == {"status": "ok"}


def test_a_database_that_is_gone_is_named(tmp_path: Path) -> None:
    with open_store(tmp_path / "home") as store, TestClient(app_of(store, tmp_path)) as client:
        store.database.close()
        shutil.rmtree(tmp_path / "home")
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["errors"][0] == {"at": "database", "problem": "does not answer"}
    assert str(tmp_path) not in answer.text
