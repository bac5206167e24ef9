"""Keys and tenants: told once, kept as digests, replaced with a grace, and never more than who gives them may give."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from fastapi.testclient import TestClient
from sqlalchemy import select

from storage.retention import Retention
from storage.store import Store
from storage.tables import api_keys, tenants
from storage.tenants import Scope

ClientOf = Callable[..., TestClient]


def made(client: TestClient, *scopes: str, **asked: object) -> dict[str, str]:
    answer = client.post("/v1/keys", json={"name": "one", "scopes": scopes or ["read"], **asked})
    assert answer.status_code == 201, answer.text
    key: dict[str, str] = answer.json()
    return key


def holds(client: TestClient, key: str) -> bool:
    return client.get("/v1/jobs", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_a_key_is_told_once_and_kept_nowhere(client: TestClient, store: Store) -> None:
    key = made(client)
    assert holds(client, key["key"])
    assert key["key"] not in client.get("/v1/keys").text
    with store.database.reading() as connection:
        assert key["key"] not in str(connection.execute(select(api_keys)).all())


def test_a_key_that_was_replaced_holds_for_its_grace(client: TestClient) -> None:
    key = made(client, "read", "write")
    new = client.post(f"/v1/keys/{key['id']}:rotate", json={"grace_s": 3600}).json()
    assert (new["name"], new["scopes"]) == ("one", ["read", "write"])
    assert holds(client, new["key"])
    assert holds(client, key["key"])
    client.post(f"/v1/keys/{new['id']}:rotate", json={"grace_s": 0})
    assert not holds(client, new["key"])
    assert client.post(f"/v1/keys/{new['id']}:rotate").status_code == 409


def test_a_key_does_not_outlive_its_end_by_being_replaced(client: TestClient) -> None:
    ends = datetime.now(UTC) + timedelta(hours=1)
    key = made(client, expires=ends.isoformat())
    client.post(f"/v1/keys/{key['id']}:rotate", json={"grace_s": 24 * 3600})
    old, new = (datetime.fromisoformat(one["expires"]) for one in client.get("/v1/keys").json()["items"][:2])
    assert (old, new) == (ends, ends)
    answer = client.post("/v1/keys", json={"name": "x", "scopes": ["read"], "expires": "2020-01-01T00:00:00Z"})
    assert (answer.status_code, "lies in the past" in answer.json()["detail"]) == (422, True)
    beyond = {"name": "x", "scopes": ["read"], "expires": "9999-12-31T23:59:59-14:00"}
    answer = client.post("/v1/keys", json=beyond)
    assert (answer.status_code, "from the year 1 to 9999" in answer.text) == (422, True)


def test_a_revoked_key_holds_no_more(client: TestClient) -> None:
    key = made(client)
    assert client.delete(f"/v1/keys/{key['id']}").status_code == 204
    assert not holds(client, key["key"])
    assert client.delete(f"/v1/keys/{key['id']}").status_code == 204
    (shown,) = [one for one in client.get("/v1/keys").json()["items"] if one["id"] == key["id"]]
    assert shown["revoked"] is not None


def test_nobody_becomes_an_operator_by_themselves(client_of: ClientOf, client: TestClient) -> None:
    administrator = client_of("acme", Scope.ADMIN)
    answer = administrator.post("/v1/keys", json={"name": "x", "scopes": ["operator"]})
    assert answer.status_code == 403
    operators = made(client, "operator")
    only_admin = client_of("main", Scope.ADMIN)
    assert only_admin.post(f"/v1/keys/{operators['id']}:rotate").status_code == 403


def test_an_operator_makes_a_tenant_and_limits_it(client: TestClient) -> None:
    answer = client.post("/v1/tenants", json={"id": "beta", "name": "Beta", "limits": {"job_usd": 2}})
    assert (answer.status_code, answer.headers["location"]) == (201, "/v1/tenants/beta")
    tenant = answer.json()
    assert (tenant["limits"]["job_usd"], tenant["limits"]["running_jobs"]) == (2, 20)
    theirs = {"Authorization": f"Bearer {tenant['key']['key']}"}
    asked = {"repository": "https://github.com/owner/name", "budget": {"usd": 3}}
    refused = client.post("/v1/jobs", json=asked, headers=theirs)
    assert refused.status_code == 403
    assert "budget.usd is 3, and a job of this tenant may have at most 2 dollars" in refused.json()["detail"]
    usual = client.post("/v1/jobs", json={"repository": asked["repository"]}, headers=theirs).json()
    assert usual["budget"]["usd"] == 2
    client.patch("/v1/tenants/beta", json={"queued_jobs": 1})
    full = client.post("/v1/jobs", json={"repository": asked["repository"]}, headers=theirs)
    assert (full.status_code, int(full.headers["retry-after"]) > 0) == (429, True)
    assert "at most 1 may" in full.json()["detail"]
    again = client.patch("/v1/tenants/beta", json={"queued_jobs": None}).json()
    assert (again["limits"]["queued_jobs"], again["limits"]["job_usd"]) == (None, 2)
    for taken in ("beta", "local"):
        assert client.post("/v1/tenants", json={"id": taken, "name": "x"}).status_code == 409


def test_an_operator_says_how_long_a_tenants_jobs_are_kept(client: TestClient, store: Store) -> None:
    """A number of days, for ever, or as the service's settings say; each is told apart, and stays with the others."""
    services = Retention(jobs_days=30, steps_days=7)

    def kept() -> Retention:
        with store.database.reading() as connection:
            limits = connection.scalars(select(tenants.c.limits).where(tenants.c.id == "keeper")).one()
        return services.of(limits)

    made = client.post("/v1/tenants", json={"id": "keeper", "name": "x", "limits": {"keep_jobs_days": 90}}).json()
    assert (made["limits"]["keep_jobs_days"], made["limits"]["keep_steps_days"]) == (90, "default")
    assert kept() == Retention(jobs_days=90, steps_days=7)
    assert client.patch("/v1/tenants/keeper", json={"keep_steps_days": None}).json()["limits"]["keep_jobs_days"] == 90
    assert client.patch("/v1/tenants/keeper", json={"job_usd": 2}).json()["limits"]["keep_steps_days"] is None
    assert kept() == Retention(jobs_days=90, steps_days=None)
    client.patch("/v1/tenants/keeper", json={"keep_jobs_days": "default", "keep_steps_days": 1})
    assert kept() == Retention(jobs_days=30, steps_days=1)
    for wrong in (0, 10**9, "for ever", 1.5, True):
        assert client.patch("/v1/tenants/keeper", json={"keep_jobs_days": wrong}).status_code == 422
    assert kept() == Retention(jobs_days=30, steps_days=1)


def test_what_a_job_brings_is_sealed_and_never_told(client: TestClient, store: Store) -> None:
    secret = "ghs_0123456789abcdef"
    asked = {"repository": "https://github.com/owner/private", "credentials": {"git:github.com": secret}}
    answer = client.post("/v1/jobs", json=asked, headers={"Idempotency-Key": "with-a-secret"})
    assert answer.status_code == 202
    job_id = answer.json()["id"]
    assert secret not in answer.text + client.get(f"/v1/jobs/{job_id}").text
    found = store.credentials.of_job(job_id).git["github.com"]
    assert found.get_secret_value() == secret
    for wrong in ({"GIT:github.com": secret}, {"git:github.com": f"{secret} \n"}, {"git:github.com": 3}):
        refused = client.post("/v1/jobs", json={**asked, "credentials": wrong})
        assert refused.status_code == 422
        assert secret not in refused.text
