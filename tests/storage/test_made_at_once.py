"""The same thing made twice at the same moment: there is one, nobody gets one too many, and nobody meets a mistake."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from between import just_before
from pydantic import SecretStr

from agent.domain import Job
from storage.credentials import MOST_CREDENTIALS
from storage.limits import Limits
from storage.outbox import Event
from storage.store import Store, open_store
from storage.submission import Submission
from storage.webhooks import MOST_WEBHOOKS
from tools.errors import UserError

FIRST, SECOND = SecretStr("ghs_first"), SecretStr("ghs_second")


@pytest.fixture
def store(tmp_path: Path, postgres_url: str) -> Iterator[Store]:
    with open_store(tmp_path, postgres_url, secret_key="k" * 40) as opened:
        opened.tenants.ensure("acme", "acme")
        yield opened


def make_webhook(store: Store) -> None:
    store.webhooks.make("acme", "https://hooks.example/x", list(Event))


def test_one_credential(store: Store, postgres_url: str) -> None:
    name = "git:github.com"
    with just_before(
        "INSERT INTO credentials", lambda: store.credentials.put("acme", name, SECOND), postgres_url
    ) as other:
        store.credentials.put("acme", name, FIRST)
    other.result(10)
    job = Job(id="a1", source="https://example.org/x", created=datetime.now(UTC))
    store.queue.submit(job, Submission(tenant="acme"))
    assert store.credentials.of_job("a1").git == {"github.com": SECOND}


def test_the_last_credential(store: Store, postgres_url: str) -> None:
    for number in range(MOST_CREDENTIALS - 1):
        store.credentials.put("acme", f"git:host{number}.example", FIRST)
    with just_before(
        "INSERT INTO credentials", lambda: store.credentials.put("acme", "git:b.example", SECOND), postgres_url
    ) as other:
        store.credentials.put("acme", "git:a.example", FIRST)
    with pytest.raises(UserError, match="at most 100 credentials"):
        other.result(10)
    assert len(store.credentials.list("acme")) == MOST_CREDENTIALS


def test_the_last_webhook(store: Store, postgres_url: str) -> None:
    for _ in range(MOST_WEBHOOKS - 1):
        make_webhook(store)
    with just_before("INSERT INTO webhooks", lambda: make_webhook(store), postgres_url) as other:
        make_webhook(store)
    with pytest.raises(UserError, match="at most 20 webhooks"):
        other.result(10)
    assert len(store.webhooks.list("acme")) == MOST_WEBHOOKS


MAKERS: list[Callable[[Store, str], object]] = [
    lambda store, name: store.tenants.add("new", name, Limits()),
    lambda store, name: store.tenants.ensure("new", name),
]


@pytest.mark.parametrize("maker", MAKERS, ids=["add", "ensure"])
def test_one_tenant(store: Store, postgres_url: str, maker: Callable[[Store, str], object]) -> None:
    with just_before(
        "INSERT INTO tenants", lambda: store.tenants.add("new", "The first", Limits(running_jobs=2)), postgres_url
    ) as other:
        if maker is MAKERS[0]:
            with pytest.raises(UserError, match="there is a tenant") as caught:
                maker(store, "The second")
            assert caught.value.status == 409
        else:
            maker(store, "The second")
    other.result(10)
    assert (store.tenants.get("new").name, store.tenants.get("new").limits) == ("The first", Limits(running_jobs=2))
