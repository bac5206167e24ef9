"""Credentials of tenants and jobs: encrypted, each for its own, gone when they are forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from agent.domain import Job
from agent.protocols import JobStatus
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import credentials, jobs
from tools.errors import InfrastructureError, UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOKEN = SecretStr("ghs_tenant.token.with.dots")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path, secret_key="k" * 40) as opened:
        for tenant in ("acme", "bert"):
            opened.tenants.ensure(tenant, tenant)
        yield opened


def submit(store: Store, job_id: str, tenant: str, given: dict[str, SecretStr] | None = None) -> None:
    sealed = store.credentials.sealed_for(tenant, job_id, given or {})
    job = Job(id=job_id, source="https://example.org/x", created=NOON)
    store.queue.submit(job, Submission(tenant=tenant, sealed=sealed))


def plain(found: dict[str, SecretStr]) -> dict[str, str]:
    return {name: value.get_secret_value() for name, value in found.items()}


def test_a_job_has_its_tenants_credentials_and_nobody_elses(store: Store) -> None:
    store.credentials.put("acme", "git:github.com", TOKEN)
    store.credentials.put("acme", "model:openai", SecretStr("sk-tenant"))
    store.credentials.put("bert", "model:openai", SecretStr("sk-bert"))
    submit(store, "a1", "acme")
    submit(store, "b1", "bert")
    found = store.credentials.of_job("a1")
    assert plain(dict(found.git)) == {"github.com": TOKEN.get_secret_value()}
    assert plain(dict(found.models)) == {"openai": "sk-tenant"}
    assert "sk-tenant" not in repr(found)
    assert plain(dict(store.credentials.of_job("b1").models)) == {"openai": "sk-bert"}
    assert not store.credentials.of_job("b1").git


def test_what_a_job_brings_comes_before_what_its_tenant_has(store: Store) -> None:
    store.credentials.put("acme", "model:openai", SecretStr("sk-tenant"))
    given = {"model:openai": SecretStr("sk-job"), "url:openai": SecretStr("https://llm.example/v1")}
    submit(store, "a1", "acme", given)
    found = store.credentials.of_job("a1")
    assert plain(dict(found.models)) == {"openai": "sk-job"}
    assert plain(dict(found.urls)) == {"openai": "https://llm.example/v1"}


def test_a_row_copied_to_another_tenant_does_not_open(store: Store) -> None:
    """Whoever can write the database, but has no key, cannot hand one tenant the secrets of another."""
    store.credentials.put("acme", "model:openai", SecretStr("sk-tenant"))
    store.credentials.put("bert", "model:openai", SecretStr("sk-bert"))
    submit(store, "b1", "bert")
    with store.database.writing() as connection:
        sealed = connection.scalars(select(credentials.c.sealed).where(credentials.c.tenant == "acme")).one()
        connection.execute(update(credentials).where(credentials.c.tenant == "bert").values(sealed=sealed))
    with pytest.raises(InfrastructureError, match="moved"):
        store.credentials.of_job("b1")


def test_a_jobs_own_credentials_are_gone_once_it_has_finished_and_stay_for_a_retry(store: Store) -> None:
    for job_id, status in (("a1", JobStatus.FINISHED), ("a2", JobStatus.FAILED)):
        submit(store, job_id, "acme", {"git:github.com": TOKEN})
        lease = store.queue.claim(job_id, "worker")
        assert lease is not None
        store.queue.end(lease, status)
    assert not store.credentials.of_job("a1").git
    assert store.credentials.of_job("a2").git


def test_names_are_listed_and_values_are_not(store: Store) -> None:
    store.credentials.put("acme", "model:openai", SecretStr("sk-one"))
    store.credentials.put("acme", "git:github.com", TOKEN)
    store.credentials.put("acme", "model:openai", SecretStr("sk-two"))
    assert [one.name for one in store.credentials.list("acme")] == ["git:github.com", "model:openai"]
    assert store.credentials.list("bert") == []
    with pytest.raises(UserError, match="no credential") as caught:
        store.credentials.forget("bert", "git:github.com")
    assert caught.value.status == 404
    store.credentials.forget("acme", "git:github.com")
    assert [one.name for one in store.credentials.list("acme")] == ["model:openai"]


def test_nothing_is_in_the_database_in_clear(store: Store, tmp_path: Path) -> None:
    store.credentials.put("acme", "git:github.com", TOKEN)
    submit(store, "a1", "acme", {"model:openai": SecretStr("sk-of-the-job")})
    store.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"git:github.com" in kept
    assert TOKEN.get_secret_value().encode() not in kept
    assert b"sk-of-the-job" not in kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("github.com", "x"),
        ("git:", "x"),
        ("git:GitHub.com", "x"),
        ("git:a/b", "x"),
        ("ssh:github.com", "x"),
        ("model:open ai", "x"),
        ("url:anthropic", "https://llm.example/v1"),
        ("git:github.com", ""),
        ("git:github.com", "two words"),
        ("git:github.com", "x\r\nHost: y"),
        ("git:github.com", "x" * 9000),
    ],
)
def test_a_name_or_value_that_is_none_is_refused(store: Store, name: str, value: str) -> None:
    with pytest.raises(UserError) as caught:
        store.credentials.put("acme", name, SecretStr(value))
    assert len(value) < 2 or value not in str(caught.value)
    with pytest.raises(UserError):
        store.credentials.sealed_for("acme", "a1", {name: SecretStr(value)})


def test_an_address_that_would_not_be_used_is_refused(store: Store) -> None:
    """Else the tenant's code and key went to the provider's public endpoint without a word."""
    with pytest.raises(UserError, match="only url:openai says where an API begins") as caught:
        store.credentials.put("acme", "url:anthropic", SecretStr("https://llm.example/v1"))
    assert caught.value.status == 422


def test_a_tenant_has_so_many_and_no_more(store: Store) -> None:
    for number in range(100):
        store.credentials.put("acme", f"git:host{number}.example", TOKEN)
    store.credentials.put("acme", "git:host0.example", TOKEN)
    with pytest.raises(UserError, match="at most 100"):
        store.credentials.put("acme", "git:one.more.example", TOKEN)


def test_there_are_none_of_a_job_that_is_not_there(store: Store) -> None:
    with pytest.raises(UserError, match="no job"):
        store.credentials.of_job("nothing")
    with store.database.reading() as connection:
        assert connection.execute(select(jobs.c.id)).all() == []
