"""Every operation there is, found in the description itself: whose it is, and who may: none can be forgotten."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from worked import work

from api.rest.app import ROUTERS
from api.rest.openapi import describe
from storage.store import Store
from storage.tenants import Scope

ClientOf = Callable[..., TestClient]
OPEN = ("/healthz", "/readyz")
"""Whoever asks is answered."""
NEEDS = {
    Scope.OPERATOR: ("/v1/tenants", "/metrics"),
    Scope.ADMIN: ("/v1/keys", "/v1/credentials", "/v1/webhooks", "/v1/imports"),
    Scope.WRITE: ("post /v1/jobs", "post /v1/judgements"),
    Scope.READ: ("get /v1/jobs", "get /v1/judgements"),
}


def described() -> dict[str, dict[str, Any]]:
    app = FastAPI()
    for router in ROUTERS:
        app.include_router(router)
    paths = describe(app)["paths"]
    return {f"{method} {path}": one for path, methods in paths.items() for method, one in methods.items()}


OPERATIONS = described()
CLOSED = sorted(name for name in OPERATIONS if name.split()[1] not in OPEN)


def needed(operation: str) -> Scope:
    path = operation.split()[1]
    for scope, beginnings in NEEDS.items():
        if any(path.startswith(one) or operation.startswith(one) for one in beginnings):
            return scope
    raise AssertionError(f"{operation}: say in NEEDS which scope it asks for")


def send(client: TestClient, operation: str, ids: dict[str, str]) -> int:
    """Ask for it with the example of its body; the answer's status."""
    method, path = operation.split()
    ids = {**ids, "job_id": ids["judgement_id"]} if path.startswith("/v1/judgements") else ids
    try:
        place = path.format(**ids)
    except KeyError as error:
        raise AssertionError(f"{operation}: say in `theirs` how there comes to be a {error}") from error
    body = OPERATIONS[operation].get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    answer = client.request(method, place, json=body)
    if answer.is_error:
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) >= {"type", "title", "status", "detail"}
    return answer.status_code


@pytest.fixture(scope="module")
def theirs(client_of: ClientOf, store: Store) -> dict[str, str]:
    """One of everything, of another tenant, by the names that paths have for them."""
    owner = client_of("theirs")
    judged = owner.post("/v1/judgements", json=_example("post /v1/judgements")).json()["id"]
    work(store, judged)
    job = owner.post("/v1/jobs", json={"repository": "https://github.com/owner/name"}).json()["id"]
    work(store, job)
    key = owner.post("/v1/keys", json={"name": "theirs", "scopes": ["read"]}).json()["id"]
    owner.put("/v1/credentials", json={"name": "git:example.org", "value": "ghs_theirs"})
    webhook = owner.post("/v1/webhooks", json={"url": "https://example.org/"}).json()["id"]
    delivery = owner.post(f"/v1/webhooks/{webhook}:test").json()["id"]
    return {
        "job_id": job,
        "judgement_id": judged,
        "number": "1",
        "key_id": key,
        "name": "git:example.org",
        "tenant_id": "theirs",
        "webhook_id": webhook,
        "delivery_id": delivery,
    }


def _example(operation: str) -> Any:
    return OPERATIONS[operation]["requestBody"]["content"]["application/json"]["example"]


@pytest.mark.parametrize("operation", [name for name in CLOSED if "{" in name])
def test_what_is_another_tenants_is_not_there(
    client_of: ClientOf, theirs: dict[str, str], operation: str, cache: dict[str, TestClient]
) -> None:
    if needed(operation) is Scope.OPERATOR:
        return  # who sees all tenants
    mine = cache.setdefault("mine", client_of("mine", Scope.READ, Scope.WRITE, Scope.ADMIN))
    assert send(mine, operation, theirs) == 404


def test_what_is_ones_own_is_there(client_of: ClientOf, theirs: dict[str, str]) -> None:
    """So that the 404 above is one of tenancy."""
    owner = client_of("theirs", Scope.READ, Scope.WRITE, Scope.ADMIN)
    for operation in CLOSED:
        if "{" in operation and needed(operation) is Scope.READ:
            assert send(owner, operation, theirs) == 200, operation


@pytest.mark.parametrize("operation", CLOSED)
def test_each_operation_asks_for_its_scope(
    client_of: ClientOf, theirs: dict[str, str], operation: str, cache: dict[str, TestClient]
) -> None:
    scope = needed(operation)
    others = cache.setdefault(f"but {scope}", client_of("scopes", *(one for one in Scope if one is not scope)))
    assert send(others, operation, theirs) == 403
    alone = cache.setdefault(f"only {scope}", client_of("scopes", scope))
    assert send(alone, operation, theirs) not in (401, 403)


@pytest.mark.parametrize("operation", CLOSED)
def test_nobody_is_let_in_without_a_key(client: TestClient, theirs: dict[str, str], operation: str) -> None:
    for key in ("", "Bearer hst_nobodys", "Basic aHN0XzpoZWxsbw=="):
        stranger = TestClient(client.app, headers={"Authorization": key}, raise_server_exceptions=False)
        assert send(stranger, operation, theirs) == 401


@pytest.fixture(scope="module")
def cache() -> dict[str, TestClient]:
    """Clients, each made once."""
    return {}


def test_a_foreign_key_lists_nothing_of_anybody_else(client_of: ClientOf, theirs: dict[str, str]) -> None:
    other = client_of("nobody")
    for operation in CLOSED:
        method, path = operation.split()
        if method == "get" and "{" not in path and needed(operation) is not Scope.OPERATOR:
            text = other.get(path).text
            assert all(one not in text for one in (theirs["job_id"], theirs["key_id"], "example.org")), operation
