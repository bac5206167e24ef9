"""What a finished job shows: candidates with their evidence, its report, its patch, and what people say of it."""

from collections.abc import Callable

import pytest
import scripted
from bundles import blobs
from fastapi.testclient import TestClient
from worked import FOLDED, work

from agent.domain import ReviewKind
from storage.limits import Limits
from storage.store import Store

ClientOf = Callable[..., TestClient]
ASKED = {"repository": "https://github.com/owner/name"}


@pytest.fixture(scope="module")
def job(client: TestClient, store: Store) -> str:
    job_id: str = client.post("/v1/jobs", json=ASKED).json()["id"]
    work(store, job_id)
    return f"/v1/jobs/{job_id}"


def test_a_job_that_ended_says_what_it_gained(client: TestClient, job: str) -> None:
    shown = client.get(job).json()
    assert (shown["status"], shown["candidates"]) == ("finished", {"judged": 6, "kept": 2})
    assert shown["gain"]["point"] == pytest.approx(2.95)
    assert client.get("/v1/jobs").json()["items"][0]["gain"] == shown["gain"]


def test_candidates_come_by_number_page_by_page(client: TestClient, job: str) -> None:
    page = client.get(f"{job}/candidates", params={"limit": 4}).json()
    assert [one["number"] for one in page["items"]] == [1, 2, 3, 4]
    rest = client.get(f"{job}/candidates", params={"after": page["next"]}).json()
    assert ([one["number"] for one in rest["items"]], rest["next"]) == ([5, 6], None)
    assert "patch" not in page["items"][0]


def test_a_candidate_shows_all_that_was_seen_of_it(client: TestClient, job: str) -> None:
    kept = client.get(f"{job}/candidates/1").json()
    assert (kept["verdict"], kept["speedup"]["point"], kept["patch"]) == ("KEPT", 1.42, scripted.PATCH)
    assert [one["kind"] for one in kept["evidence"]][-3:] == ["Compared", "Timed", "Tested"]
    assert kept["samples"][0]["stage"] == "confirm"
    assert kept["profile"] == {"before": FOLDED, "after": FOLDED}
    rejected = client.get(f"{job}/candidates/2").json()
    assert rejected["profile"] == {"before": FOLDED, "after": None}
    assert client.get(f"{job}/candidates/99").status_code == 404


def test_what_people_say_is_remembered_with_their_name(client: TestClient, job: str, store: Store) -> None:
    assert client.post(f"{job}/candidates/1:approve").status_code == 201
    said = client.post(f"{job}/candidates/1:reject", json={"text": "it is never that long"}).json()
    assert (said["kind"], said["candidate"], said["author"]) == ("reject", 1, "a test's")
    assert [one["kind"] for one in client.get(f"{job}/candidates/1").json()["reviews"]] == ["approve", "reject"]
    hint = {"text": "sorted already", "path": "shop/stock.py", "line": 2}
    assert client.post(f"{job}:hint", json=hint).status_code == 201
    page = client.get(f"{job}/reviews", params={"limit": 2}).json()
    rest = client.get(f"{job}/reviews", params={"after": page["next"]}).json()
    assert [one["kind"] for one in page["items"] + rest["items"]] == ["approve", "reject", "hint"]
    kept = store.reviews.of(job.rpartition("/")[2])
    assert (kept[-1].kind, kept[-1].path, kept[-1].line) == (ReviewKind.HINT, "shop/stock.py", 2)
    for wrong in ({"text": ""}, {"text": "x", "line": 3}, {"text": "x", "path": "/etc/passwd"}):
        assert client.post(f"{job}:hint", json=wrong).status_code == 422
    assert client.post(f"{job}:hint", json={"text": "x", "candidate": 99}).status_code == 404
    assert client.post(f"{job}/candidates/99:approve").status_code == 404


def test_the_patch_comes_as_an_attachment_for_git_apply(client: TestClient, job: str) -> None:
    answer = client.get(f"{job}/patch")
    assert answer.text == scripted.PATCH
    assert answer.headers["content-type"].startswith("text/x-diff")
    assert answer.headers["content-disposition"].startswith("attachment; filename=")


def test_the_report_is_the_one_that_verify_reads(client: TestClient, job: str) -> None:
    report = client.get(f"{job}/report").json()
    assert (report["job"], report["schema_version"]) == (job.rpartition("/")[2], 1)


def test_a_job_that_has_not_ended_has_neither(client: TestClient) -> None:
    place = client.post("/v1/jobs", json=ASKED).headers["location"]
    for what in ("report", "patch"):
        answer = client.get(f"{place}/{what}")
        assert (answer.status_code, "it is queued" in answer.json()["detail"]) == (404, True)


def test_a_patch_is_judged(client: TestClient, store: Store) -> None:
    answer = client.post("/v1/judgements", json={**ASKED, "patch": scripted.PATCH})
    place, job_id = answer.headers["location"], answer.json()["id"]
    assert (answer.status_code, place) == (202, f"/v1/judgements/{job_id}")
    assert store.blobs.get(store.queue.asked(job_id).patch or "").decode() == scripted.PATCH
    assert client.get(place).json()["judgement"] is None
    work(store, job_id)
    judged = client.get(place).json()
    assert (judged["kind"], judged["judgement"]["verdict"]) == ("judgement", "KEPT")
    assert client.get(f"/v1/jobs/{job_id}/patch").text == scripted.PATCH
    assert client.get(f"/v1/jobs/{job_id}").json()["gain"] == judged["judgement"]["speedup"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"patch": "no diff"}, "patch: "),
        ({"patch": ""}, "at least 1 character"),
        ({"patch": scripted.PATCH, "strategy": "refine"}, "there is no field `strategy`"),
        ({"patch": scripted.PATCH, "target": "m:f", "workload": {"command": "x"}}, "both say what to measure"),
    ],
)
def test_what_cannot_be_judged_is_refused(client: TestClient, asked: dict[str, object], sentence: str) -> None:
    answer = client.post("/v1/judgements", json={**ASKED, **asked})
    assert (answer.status_code, sentence in answer.json()["detail"]) == (422, True)


def test_a_judgement_that_is_one_too_many_takes_no_room(client_of: ClientOf, store: Store) -> None:
    tenant = client_of("full")
    store.tenants.limit("full", Limits(queued_jobs=1))
    patch, second, third = (scripted.PATCH.replace("sum(prices)", f"sum(prices, {n})") for n in range(3))
    headers = {"Idempotency-Key": "once"}
    first = tenant.post("/v1/judgements", json={**ASKED, "patch": patch}, headers=headers)
    before = blobs(store)
    too_many = tenant.post("/v1/judgements", json={**ASKED, "patch": second})
    too_large = tenant.post("/v1/judgements", json={**ASKED, "patch": third, "budget": {"candidates": 10**6}})
    assert (first.status_code, too_many.status_code, too_large.status_code) == (202, 429, 403)
    again = tenant.post("/v1/judgements", json={**ASKED, "patch": patch}, headers=headers)
    assert again.json()["id"] == first.json()["id"]
    assert blobs(store) == before
