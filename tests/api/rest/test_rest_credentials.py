"""Credentials over HTTP: an administrator of the tenant gives, names and forgets them; nobody is told a value."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.rest.app import make_app
from api.rest.service import Service
from storage.store import Store, open_store
from storage.tenants import Scope
from workers.settings import Settings

VALUE = "ghs_the.value.that.nobody.sees"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def client_of(store: Store, tmp_path: Path) -> Callable[[str, Scope], TestClient]:
    app = make_app(Service(settings=Settings(home=tmp_path), store=store, tell=lambda _: None))

    def made(tenant: str, scope: Scope) -> TestClient:
        store.tenants.ensure(tenant, tenant)
        key = store.tenants.make_key(tenant, "test", [scope])
        return TestClient(app, headers={"Authorization": f"Bearer {key}"})

    return made


def test_a_credential_is_given_named_and_forgotten(client_of: Callable[[str, Scope], TestClient]) -> None:
    acme = client_of("acme", Scope.ADMIN)
    for _ in range(2):
        assert acme.put("/v1/credentials", json={"name": "git:github.com", "value": VALUE}).status_code == 204
    listed = acme.get("/v1/credentials")
    assert [one["name"] for one in listed.json()["items"]] == ["git:github.com"]
    assert listed.json()["next"] is None
    assert VALUE not in listed.text
    assert acme.delete("/v1/credentials/git:github.com").status_code == 204
    assert acme.delete("/v1/credentials/git:github.com").status_code == 404


def test_another_tenants_are_not_there(client_of: Callable[[str, Scope], TestClient], store: Store) -> None:
    acme, bert = client_of("acme", Scope.ADMIN), client_of("bert", Scope.ADMIN)
    acme.put("/v1/credentials", json={"name": "git:github.com", "value": VALUE})
    assert bert.get("/v1/credentials").json()["items"] == []
    assert bert.delete("/v1/credentials/git:github.com").status_code == 404
    assert len(store.credentials.list("acme")) == 1


@pytest.mark.parametrize("scope", [Scope.READ, Scope.WRITE, Scope.OPERATOR])
def test_only_an_administrators_key_may(client_of: Callable[[str, Scope], TestClient], scope: Scope) -> None:
    other = client_of("acme", scope)
    assert other.get("/v1/credentials").status_code == 403
    assert other.put("/v1/credentials", json={"name": "git:github.com", "value": VALUE}).status_code == 403
    assert other.delete("/v1/credentials/git:github.com").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"name": "git:github.com", "value": [VALUE]},
        {"name": "git:github.com", "value": VALUE + " " + VALUE},
        {"name": "git:github.com", "value": VALUE * 1000},
        {"name": "GIT:github.com", "value": VALUE},
        {"name": "git:github.com", "values": VALUE},
        {"name": "git:github.com", "value": VALUE, "more": VALUE},
    ],
)
def test_a_refusal_does_not_repeat_the_value(
    client_of: Callable[[str, Scope], TestClient], body: dict[str, object]
) -> None:
    answer = client_of("acme", Scope.ADMIN).put("/v1/credentials", json=body)
    assert answer.status_code == 422
    assert VALUE not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"
