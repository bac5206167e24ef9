"""What PostgreSQL is told of how long to wait, and what becomes of those who wait longer."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from agent.domain import Job, Spend
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import jobs
from tools.errors import InfrastructureError, UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def submit(store: Store) -> str:
    return store.queue.submit(Job(id="a1", source="https://example.org/x", created=NOON), Submission(tenant="acme"))


def test_a_transaction_that_waits_too_long_is_ended(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit, value in (("LOCK_TIMEOUT_S", 1), ("STATEMENT_TIMEOUT_S", 3)):
        monkeypatch.setattr(f"storage.engine.{limit}", value)
    with open_store(tmp_path, postgres_url) as store, store.database.reading() as connection:
        submit(store)
        shown = [connection.scalar(text(f"SHOW {name}")) for name in ("application_name", "lock_timeout")]
        assert shown == ["hasten", "1s"]
        with store.database.writing() as holder:
            holder.execute(select(jobs).with_for_update()).all()
            with pytest.raises(InfrastructureError, match="lock timeout") as raised:
                store.jobs.record_spend("a1", Spend())
        assert raised.value.retryable
        with pytest.raises(InfrastructureError, match="statement timeout"), store.database.writing() as slow:
            slow.execute(text("SELECT pg_sleep(30)"))


def test_threads_that_find_no_connection_may_try_again(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit, value in (("POOL_SIZE", 1), ("POOL_OVERFLOW", 0), ("POOL_WAIT_S", 0.1)):
        monkeypatch.setattr(f"storage.engine.{limit}", value)
    with open_store(tmp_path, postgres_url) as store, store.database.reading():
        with pytest.raises(InfrastructureError, match="too busy") as raised:
            submit(store)
        assert raised.value.retryable


def test_a_database_that_may_not_be_changed_is_refused(postgres_url: str, tmp_path: Path) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP TABLE alembic_version")
    with pytest.raises(UserError, match="cannot be used"):
        open_store(tmp_path, postgres_url)
