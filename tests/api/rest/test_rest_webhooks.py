"""`/v1/webhooks`: an administrator makes, tests and deletes them; another tenant's are not there."""

import pytest
from conftest import ClientOf
from fastapi.testclient import TestClient

from storage.tenants import Scope

URL = "https://ci.example.org/hasten"


@pytest.fixture
def acme(client_of: ClientOf) -> TestClient:
    return client_of("acme", Scope.ADMIN)


def test_from_its_making_to_its_end(acme: TestClient) -> None:
    made = acme.post("/v1/webhooks", json={"url": URL, "events": ["job.failed", "job.queued"]})
    assert made.status_code == 201
    shown = made.json()
    assert made.headers["Location"] == f"/v1/webhooks/{shown['id']}"
    assert shown.pop("secret").startswith("whsec_")
    assert shown["events"] == ["job.queued", "job.failed"]
    assert acme.get("/v1/webhooks").json() == {"items": [shown], "next": None}
    assert acme.get(made.headers["Location"]).json() == shown
    assert acme.delete(made.headers["Location"]).status_code == 204
    assert acme.get(made.headers["Location"]).status_code == 404
    assert acme.delete(made.headers["Location"]).status_code == 404


def test_deliveries_are_listed_page_by_page_and_sent_again(acme: TestClient) -> None:
    place = acme.post("/v1/webhooks", json={"url": URL}).headers["Location"]
    sent = [acme.post(f"{place}:test").json() for _ in range(3)]
    assert {one["event"] for one in sent} == {"webhook.test"}
    seen, following = [], ""
    while following is not None:
        page = acme.get(f"{place}/deliveries", params={"limit": 2} | ({"cursor": following} if following else {}))
        assert page.status_code == 200
        seen += page.json()["items"]
        following = page.json()["next"]
    assert sorted(one["id"] for one in seen) == sorted(one["id"] for one in sent)
    assert acme.post(f"{place}/deliveries/{sent[0]['id']}:redeliver").status_code == 202
    assert acme.post(f"{place}/deliveries/msg_{'0' * 24}:redeliver").status_code == 404
    assert acme.delete(place).status_code == 204


@pytest.mark.parametrize(
    "asked",
    [
        {"url": "http://example.org/"},
        {"url": "https://user:pass@example.org/"},
        {"url": "https://127.0.0.1/"},
        {"url": "https://[::ffff:169.254.169.254]/"},
        {"url": "https://0x7f000001/"},
        {"url": "https://example.org:22/"},
        {"url": "not a url"},
        {"url": ""},
        {"url": URL, "events": []},
        {"url": URL, "events": ["job.exploded"]},
        {"url": URL, "secret": "mine"},
        {},
    ],
)
def test_what_cannot_be_is_refused(acme: TestClient, asked: dict[str, object]) -> None:
    answer = acme.post("/v1/webhooks", json=asked)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_whose_they_are(acme: TestClient, client_of: ClientOf) -> None:
    place = acme.post("/v1/webhooks", json={"url": URL}).headers["Location"]
    delivery = acme.post(f"{place}:test").json()["id"]
    other, reader = client_of("other", Scope.ADMIN), client_of("acme", Scope.READ, Scope.WRITE)
    for client, status in ((other, 404), (reader, 403)):
        for method, path in (
            ("GET", place),
            ("DELETE", place),
            ("POST", f"{place}:test"),
            ("GET", f"{place}/deliveries"),
            ("POST", f"{place}/deliveries/{delivery}:redeliver"),
        ):
            assert client.request(method, path).status_code == status
    assert other.get("/v1/webhooks").json()["items"] == []
    acme.delete(place)


def test_a_tenant_has_so_many_at_most(client_of: ClientOf) -> None:
    many = client_of("many", Scope.ADMIN)
    statuses = [many.post("/v1/webhooks", json={"url": URL}).status_code for _ in range(21)]
    assert statuses == [201] * 20 + [409]
