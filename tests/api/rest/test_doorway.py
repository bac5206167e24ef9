"""What every request meets: sizes, kinds, methods, headers, rates."""

import json
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from api.rest.answers import HEADERS
from api.rest.doorway import MOST_BODY_BYTES
from storage.limits import Limits
from storage.store import Store

ClientOf = Callable[..., TestClient]
ASKED = {"repository": "https://github.com/owner/name"}


def in_parts(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), 65536):
        yield data[start : start + 65536]


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "without"])
def test_a_request_that_is_too_large_is_refused(client: TestClient, told: bool) -> None:
    data = json.dumps({**ASKED, "workload": {"text": "x" * MOST_BODY_BYTES}}).encode()
    answer = client.post(
        "/v1/jobs", content=data if told else in_parts(data), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert f"larger than {MOST_BODY_BYTES} bytes" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_is_no_json_is_refused(client: TestClient, kind: str) -> None:
    answer = client.post("/v1/jobs", content=json.dumps(ASKED), headers={"Content-Type": kind})
    assert (answer.status_code, "Content-Type: application/json" in answer.json()["detail"]) == (415, True)


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"repository": "\\ud800"}', b"null", b"[]"])
def test_a_body_that_cannot_be_read_is_refused(client: TestClient, data: bytes) -> None:
    answer = client.post("/v1/jobs", content=data, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body")


def test_methods_that_there_are_not_are_told_from_those_there_are(client: TestClient) -> None:
    answer = client.delete("/v1/jobs")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert answer.json()["detail"] == "there is no DELETE here; there are GET, HEAD, OPTIONS, POST"
    options = client.options("/v1/jobs/4f1d2c3b5a697887:cancel")
    assert (options.status_code, options.headers["allow"], options.content) == (204, "OPTIONS, POST", b"")
    assert client.options("/v1/nothing").status_code == 404


def test_head_is_get_without_the_body(client: TestClient) -> None:
    whole, head = client.get("/v1/jobs"), client.head("/v1/jobs")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert client.head("/v1/jobs/nope").status_code == 404


def test_every_answer_has_the_headers_that_keep_browsers_from_harm(client: TestClient) -> None:
    stranger = TestClient(client.app, raise_server_exceptions=False)
    for answer in (client.get("/v1/jobs"), client.get("/v1/nothing"), stranger.get("/v1/jobs"), client.put("/v1/jobs")):
        assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)


def test_a_key_that_asks_too_often_waits(client_of: ClientOf, store: Store) -> None:
    hasty = client_of("hasty")
    store.tenants.limit("hasty", Limits(requests_per_s=0.5))
    answer = hasty.get("/v1/jobs")
    assert answer.headers["ratelimit-policy"] == '"key";q=1;w=2'
    assert answer.headers["ratelimit"].startswith('"key";r=0;t=')
    answer = hasty.get("/v1/jobs")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 2
    assert "ratelimit" in answer.headers
    assert client_of("hasty").get("/v1/jobs").status_code == 200, "another key has a bucket of its own"
    store.tenants.limit("hasty", Limits(requests_per_s=None))
    assert "ratelimit" not in hasty.get("/v1/jobs").headers
