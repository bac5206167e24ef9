"""What belongs to one tenant is not there for another: every method that is told a tenant is asked by a second one."""

import inspect
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain import Job
from storage.outbox import Event
from storage.queue import CANCEL
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tenants import Scope
from tools.errors import InfrastructureError, UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOST = "git:github.com"
Ask = Callable[[Store, str], object]
"""A method asked in the name of a tenant, about something of Acme's; it says which webhook."""


def webhook_of_acme(store: Store) -> str:
    return store.webhooks.list("acme")[0].id


def key_of_acme(store: Store) -> str:
    return store.tenants.keys("acme")[0].id


METHODS: dict[str, Ask] = {
    "queue.want": lambda store, tenant: store.queue.want("a1", tenant, CANCEL),
    "queue.go_on": lambda store, tenant: store.queue.go_on("a1", tenant, retry=True),
    "credentials.list": lambda store, tenant: store.credentials.list(tenant),
    "credentials.providers": lambda store, tenant: store.credentials.providers(tenant, ()),
    "credentials.forget": lambda store, tenant: store.credentials.forget(tenant, HOST),
    "tenants.keys": lambda store, tenant: store.tenants.keys(tenant),
    "tenants.revoke": lambda store, tenant: store.tenants.revoke(tenant, key_of_acme(store)),
    "tenants.rotate": lambda store, tenant: store.tenants.rotate(tenant, key_of_acme(store), 0.0),
    "webhooks.list": lambda store, tenant: store.webhooks.list(tenant),
    "webhooks.get": lambda store, tenant: store.webhooks.get(tenant, webhook_of_acme(store)),
    "webhooks.test": lambda store, tenant: store.webhooks.test(tenant, webhook_of_acme(store)),
    "webhooks.deliveries": lambda store, tenant: store.webhooks.deliveries(tenant, webhook_of_acme(store), 10)[0],
    "webhooks.redeliver": lambda store, tenant: store.webhooks.redeliver(tenant, webhook_of_acme(store), "x"),
    "webhooks.delete": lambda store, tenant: store.webhooks.delete(tenant, webhook_of_acme(store)),
}
OWN = {
    *("tenants.ensure", "tenants.add", "tenants.get", "tenants.limit", "tenants.make_key", "tenants.new_key"),
    *("credentials.put", "credentials.sealed_for", "webhooks.make"),
}
"""They are about the tenant that they are told itself, or make something of it, and look at nothing else."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path, secret_key="k" * 40) as opened:
        for tenant in ("acme", "bert"):
            opened.tenants.ensure(tenant, tenant)
        opened.tenants.make_key("acme", "a", [Scope.READ])
        opened.credentials.put("acme", HOST, SecretStr("ghs_acme"))
        opened.webhooks.make("acme", "https://hooks.example/x", [Event.FINISHED])
        job = Job(id="a1", source="https://example.org/x", created=NOON)
        sealed = opened.credentials.sealed_for("acme", "a1", {HOST: SecretStr("ghs_job")})
        opened.queue.submit(job, Submission(tenant="acme", sealed=sealed, key="once", digest="1"))
        yield opened


def of_acme(store: Store) -> object:
    credentials, webhooks = store.credentials.list("acme"), store.webhooks.list("acme")
    return store.jobs.state("a1"), credentials, webhooks, store.tenants.keys("acme")


def told_a_tenant() -> set[str]:
    return {
        f"{place}.{name}"
        for place, kind in typing.get_type_hints(Store).items()
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and {"tenant", "tenant_id"} & set(inspect.signature(method).parameters)
    }


def test_every_method_that_is_told_a_tenant_is_held_here() -> None:
    assert told_a_tenant() - OWN == set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_what_is_anothers_is_not_there(store: Store, name: str) -> None:
    before = of_acme(store)
    if name.endswith((".list", ".keys", ".providers")):
        assert not METHODS[name](store, "bert")
    else:
        with pytest.raises(UserError) as caught:
            METHODS[name](store, "bert")
        assert caught.value.status == 404
    assert of_acme(store) == before


def test_an_idempotency_key_is_its_tenants(store: Store) -> None:
    job = Job(id="b1", source="https://example.org/x", created=NOON)
    assert store.queue.submit(job, Submission(tenant="bert", key="once", digest="2")) == "b1"


def test_a_key_of_one_tenant_is_no_other(store: Store) -> None:
    caller = store.tenants.caller(store.tenants.make_key("bert", "b", [Scope.READ]))
    assert caller is not None
    assert caller.tenant == "bert"


def test_secrets_of_a_job_do_not_open_for_another_job_or_tenant(store: Store) -> None:
    sealed = store.queue.asked("a1").sealed
    assert sealed is not None
    for job_id, tenant in (("b1", "bert"), ("a2", "acme")):
        job = Job(id=job_id, source="https://example.org/x", created=NOON)
        store.queue.submit(job, Submission(tenant=tenant, sealed=sealed))
        with pytest.raises(InfrastructureError, match="moved"):
            store.credentials.of_job(job_id)
