"""A job out of one service and into another one, over HTTP."""

import io
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from ready_home import ready

from agent.domain import Job, StepKind
from agent.protocols import JobStatus
from api.rest import transfers
from api.rest.app import make_app
from api.rest.service import Service
from storage.limits import Limits
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tenants import Scope
from workers.settings import Settings

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
GZIP = {"Content-Type": "application/gzip"}


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder = tmp_path_factory.mktemp("services")
    with open_store(ready(folder / "one")) as one, open_store(ready(folder / "two")) as two:
        yield one, two


def client(store: Store, tenant: str = "acme", *scopes: Scope) -> TestClient:
    store.tenants.ensure(tenant, tenant)
    key = store.tenants.make_key(tenant, "k", scopes or (Scope.READ, Scope.ADMIN))
    app = make_app(Service(settings=Settings(home=store.home), store=store, tell=lambda _: None))
    return TestClient(app, headers={"Authorization": f"Bearer {key}"}, raise_server_exceptions=False)


def finished(store: Store, job_id: str) -> None:
    store.queue.submit(Job(id=job_id, source="https://example.org/x", created=NOON), Submission(tenant="acme"))
    lease = store.queue.claim(job_id, "w")
    assert lease
    store.jobs.journal(job_id, lease).append(StepKind.NOTE, "n")
    store.queue.end(lease, JobStatus.FINISHED, report={"job": job_id})


def test_a_job_moves_from_one_service_to_another(stores: tuple[Store, Store]) -> None:
    one, two = stores
    finished(one, "a1")
    answer = client(one).get("/v1/jobs/a1/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/gzip"
    assert "attachment" in answer.headers["content-disposition"]
    with tarfile.open(fileobj=io.BytesIO(answer.content), mode="r:gz") as archive:
        assert "steps/000001.jsonl" in archive.getnames()
    there = client(two, "theirs")
    taken = there.post("/v1/imports", content=answer.content, headers=GZIP)
    assert (taken.status_code, taken.headers["location"]) == (201, "/v1/jobs/a1")
    assert taken.json() == {"job": "a1", "new": True, "rows": 1, "blobs": 1}
    assert there.post("/v1/imports", content=answer.content, headers=GZIP).status_code == 200
    assert two.jobs.report("a1") == {"job": "a1"}
    copy = there.post("/v1/imports?as=copy", content=answer.content, headers=GZIP)
    assert copy.json()["job"] == "copy"
    assert there.get("/v1/jobs/a1/export").status_code == 200
    assert list(two.home.glob("tmp*")) == []


def test_another_tenants_job_is_not_there_to_be_taken(stores: tuple[Store, Store]) -> None:
    one, _ = stores
    finished(one, "a2")
    for ask in (client(one, "other").get("/v1/jobs/a2/export"), client(one).get("/v1/jobs/nope/export")):
        assert ask.status_code == 404
        assert ask.headers["content-type"] == "application/problem+json"


def test_a_job_that_waits_is_not_taken(stores: tuple[Store, Store]) -> None:
    one, _ = stores
    one.queue.submit(Job(id="a3", source="/s", created=NOON), Submission(tenant="acme"))
    answer = client(one).get("/v1/jobs/a3/export")
    assert (answer.status_code, "still waits" in answer.json()["detail"]) == (409, True)


def test_only_administrators_import(stores: tuple[Store, Store]) -> None:
    one, _ = stores
    answer = client(one, "acme", Scope.READ, Scope.WRITE).post("/v1/imports", content=b"x", headers=GZIP)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("content", "headers", "status", "says"),
    [
        (b"my diary", GZIP, 422, "damaged"),
        (b"", GZIP, 422, "damaged"),
        (b"{}", {"Content-Type": "application/json"}, 415, "hasten export"),
        (b"x" * 2000, GZIP, 413, "larger than 1000 bytes"),
    ],
)
def test_what_is_no_archive_is_a_problem(
    stores: tuple[Store, Store],
    content: bytes,
    headers: dict[str, str],
    status: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, two = stores
    monkeypatch.setattr(transfers, "MOST_UPLOAD_BYTES", 1000)
    answer = client(two).post("/v1/imports", content=content, headers=headers)
    assert answer.status_code == status
    assert says in answer.json()["detail"]


def test_an_id_that_is_taken_is_a_conflict(stores: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = stores
    finished(one, "a4")
    one.export("a4", tmp_path / "x")
    two.queue.submit(Job(id="a4", source="/s", created=NOON), Submission(tenant="somebody"))
    answer = client(two).post("/v1/imports", content=(tmp_path / "x").read_bytes(), headers=GZIP)
    assert (answer.status_code, "another job" in answer.json()["detail"]) == (409, True)


def test_an_import_counts_among_the_jobs_of_the_day(stores: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = stores
    finished(one, "a5")
    one.export("a5", tmp_path / "x")
    archive = (tmp_path / "x").read_bytes()
    there = client(two, "daily")
    two.tenants.limit("daily", Limits(jobs_per_day=1))
    assert there.post("/v1/imports?as=first", content=archive, headers=GZIP).status_code == 201
    answer = there.post("/v1/imports?as=second", content=archive, headers=GZIP)
    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (429, True)
    assert "submit or import 1 jobs" in answer.json()["detail"]
