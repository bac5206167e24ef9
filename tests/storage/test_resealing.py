"""The secret key is changed: what the old one has sealed opens with the new one alone, and nothing is lost."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from agent.domain import Job
from agent.protocols import JobStatus
from storage.outbox import Event
from storage.resealing import SEALED, Resealed, reseal
from storage.sealing import Sealer
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import jobs, metadata
from tools.errors import InfrastructureError

OLD, NEW, LOST = "o" * 40, "n" * 40, "l" * 40
BOTH = f"{NEW},{OLD}"
HOST = "github.com"
NAME = f"git:{HOST}"
TOKEN, OTHER = SecretStr("ghs_token"), SecretStr("ghs_other")


class Interrupted(Sealer):
    """Something else happens just before it first seals, as if another process did it."""

    def __init__(self, secret_keys: str, other: Callable[[], object]) -> None:
        super().__init__(secret_keys)
        self._others = [other]

    def seal(self, plain: bytes, *context: str) -> bytes:
        while self._others:
            self._others.pop()()
        return super().seal(plain, *context)


@pytest.fixture
def opened(tmp_path: Path, database_url: str | None) -> Callable[[str], Store]:
    return lambda key: open_store(tmp_path, database_url, secret_key=key)


@pytest.fixture
def store(opened: Callable[[str], Store]) -> Iterator[Store]:
    with opened(OLD) as made:
        made.tenants.ensure("acme", "acme")
        yield made


def submit(store: Store, job_id: str, given: dict[str, SecretStr] | None = None) -> None:
    sealed = store.credentials.sealed_for("acme", job_id, given or {})
    job = Job(id=job_id, source="https://example.org/x", created=datetime.now(UTC))
    store.queue.submit(job, Submission(tenant="acme", sealed=sealed))


def test_everything_that_is_sealed_is_sealed_anew(store: Store, opened: Callable[[str], Store]) -> None:
    store.credentials.put("acme", NAME, TOKEN)
    _, secret = store.webhooks.make("acme", "https://hooks.example/x", list(Event))
    submit(store, "a1", {"model:openai": SecretStr("sk-job")})
    with opened(NEW) as wrong, pytest.raises(InfrastructureError, match="HASTEN_SECRET_KEY"):
        wrong.credentials.of_job("a1")
    with opened(BOTH) as both:
        assert reseal(both.database, both.sealer) == Resealed(changed=3, closed=0)
        assert reseal(both.database, both.sealer) == Resealed(changed=0, closed=0)
    with opened(NEW) as changed:
        found = changed.credentials.of_job("a1")
        (outgoing,) = changed.sending.take(1)
        assert changed.sending.secret(outgoing) == secret
    assert (found.git, found.models) == ({HOST: TOKEN}, {"openai": SecretStr("sk-job")})


def test_no_table_is_left_out() -> None:
    assert set(SEALED) == {table for table in metadata.tables.values() if "sealed" in table.c}


def test_what_no_key_opens_stays_and_is_told_and_the_rest_goes_on(
    store: Store, opened: Callable[[str], Store], caplog: pytest.LogCaptureFixture
) -> None:
    store.credentials.put("acme", NAME, TOKEN)
    with opened(LOST) as lost:
        lost.credentials.put("acme", "git:a.example", OTHER)
        lost.webhooks.make("acme", "https://hooks.example/x", list(Event))
    with opened(BOTH) as both, caplog.at_level(logging.WARNING):
        assert reseal(both.database, both.sealer) == Resealed(changed=1, closed=2)
    assert "2 secrets cannot be opened with the keys in HASTEN_SECRET_KEY" in caplog.text
    with opened(f"{NEW},{LOST}") as found:
        submit(found, "a1")
        assert found.credentials.of_job("a1").git == {HOST: TOKEN, "a.example": OTHER}


def test_a_credential_that_is_given_meanwhile_holds(store: Store, opened: Callable[[str], Store]) -> None:
    store.credentials.put("acme", NAME, TOKEN)
    with opened(BOTH) as both:
        sealer = Interrupted(BOTH, lambda: both.credentials.put("acme", NAME, OTHER))
        assert reseal(both.database, sealer) == Resealed(changed=0, closed=0)
        submit(both, "a1")
        assert both.credentials.of_job("a1").git == {HOST: OTHER}


def test_a_job_that_ends_meanwhile_gets_nothing_back(store: Store) -> None:
    submit(store, "a1", {NAME: TOKEN})
    lease = store.queue.claim("a1", "worker")
    assert lease is not None
    reseal(store.database, Interrupted(BOTH, lambda: store.queue.end(lease, JobStatus.FINISHED)))
    with store.database.reading() as connection:
        assert connection.scalars(select(jobs.c.sealed)).all() == [None]
