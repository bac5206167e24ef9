"""Jobs over HTTP: submitted once, found again, steered; what cannot be meant is refused with a sentence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from agent.domain import Job, Spend, StepKind
from agent.protocols import JobStatus
from storage.store import Store
from storage.tenants import Scope

ClientOf = Callable[..., TestClient]
ASKED = {"repository": "https://github.com/owner/name"}


def submit(client: TestClient, **asked: object) -> str:
    answer = client.post("/v1/jobs", json={**ASKED, **asked})
    assert answer.status_code == 202, answer.text
    job_id: str = answer.json()["id"]
    return job_id


def test_a_job_is_submitted_and_followed(client: TestClient, told: list[str]) -> None:
    answer = client.post(
        "/v1/jobs",
        json={
            "repository": "pypi:tabulate==0.9.0",
            "recipe": {"tests-budget-s": 60},
            "goal": {"min_gain": 0.05},
            "budget": {"wall_s": 60},
            "workload": {"text": "def make_input(seed, size): ...\n"},
            "target": "tabulate:tabulate",
            "models": [],
        },
    )
    assert answer.status_code == 202
    job = answer.json()
    assert (job["status"], job["budget"]["wall_s"], job["goal"]["min_gain"]) == ("queued", 60, 0.05)
    assert told == [job["id"]]
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    assert client.get(answer.headers["location"]).json() == job
    assert client.get("/v1/jobs").json()["items"][0]["id"] == job["id"]


def test_what_was_asked_reaches_the_worker(client: TestClient, store: Store) -> None:
    job = store.jobs.get(submit(client, recipe={"bench": "python b.py"}, workload={"path": "bench/load.py"}, seed=7))
    assert (job.recipe, job.workload_path, job.seed) == ({"bench": "python b.py"}, "bench/load.py", 7)
    assert store.jobs.get(submit(client, workload={"command": "make bench"})).bench == "make bench"
    assert store.jobs.get(submit(client, workload={"text": "x = 1\n"})).workload_text == "x = 1\n"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"repository": "/etc"}, "read over https here"),
        ({"repository": "~root/x"}, "read over https here"),
        ({"repository": "http://github.com/a/b"}, "over https only"),
        ({"repository": "https://127.0.0.1/a/b"}, "is a private address"),
        ({"repository": "https://[::ffff:10.0.0.1]/a/b"}, "is a private address"),
        ({"repository": "https://user:secret@github.com/a/b"}, "Leave user names and passwords out"),
        ({"repository": "--upload-pack=x"}, "cannot start with a dash"),
        ({"repository": "ext::sh://x"}, "cannot hold `::`"),
        ({"ref": "--force"}, "is not the name of a branch"),
        ({"since": "a..b"}, "is not the name of a branch"),
        ({"subdirectory": "../x"}, "must be a folder inside the repository"),
        ({"target": "no such thing"}, "target is module:function"),
        ({"goal": {"min_gain": 0.1, "hoped_gain": 0.05}}, "goal.hoped_gain is a fraction from goal.min_gain"),
        ({"strategy": "best"}, "there is no strategy 'best'"),
        ({"strategy": "best_of_n(m=3)"}, "best_of_n has no parameter 'm'"),
        ({"strategy": "judge"}, "there is no strategy 'judge'"),
        ({"selector": "slowest"}, "there is no selector 'slowest'"),
        ({"models": ["gpt"]}, "does not say whose model it is"),
        ({"models": ["replay:/etc/passwd"]}, "a file of the service's own machine"),
        ({"workload": {"command": "  "}}, "workload.command is a command"),
        ({"workload": {"command": "x", "path": "y"}}, "give one of `path`, `text` and `command`"),
        ({"workload": {"path": "/etc/passwd"}}, "must be a path inside the project"),
        ({"workload": {"text": "x" * 200_001}}, "at most 200000 characters"),
        ({"recipe": {"tets": ["x"]}}, "the job's recipe: `tets` is not a key; did you mean `tests`?"),
        ({"budgt": {}}, "there is no field `budgt`; did you mean `budget`?"),
        ({"budget": {"usd": 1.0, "euro": 2}}, "there is no field `euro`"),
        ({"seed": -1}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(
    client: TestClient, asked: dict[str, object], sentence: str
) -> None:
    before = client.get("/v1/jobs").json()
    answer = client.post("/v1/jobs", json={**ASKED, **asked})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert sentence in answer.json()["detail"]
    assert client.get("/v1/jobs").json() == before


def test_a_tenant_names_the_price_only_where_its_own_key_pays(client_of: ClientOf) -> None:
    tenant = client_of("priced")
    free = {**ASKED, "models": ["openai:gpt-5=0/0"]}
    answer = tenant.post("/v1/jobs", json=free)
    assert (answer.status_code, "costs more here than you say" in answer.json()["detail"]) == (422, True)
    assert tenant.post("/v1/jobs", json={**free, "credentials": {"model:openai": "sk-own"}}).status_code == 202
    assert tenant.put("/v1/credentials", json={"name": "model:openai", "value": "sk-own"}).status_code < 300
    assert tenant.post("/v1/jobs", json=free).status_code == 202
    assert client_of().post("/v1/jobs", json=free).status_code == 202


def test_a_local_path_needs_the_setting(client_of: ClientOf, store: Store) -> None:
    allowed = client_of("main", allow_local_repositories=True)
    assert submit(allowed, repository=str(store.home))
    answer = allowed.post("/v1/jobs", json={"repository": str(store.home / "nothing")})
    assert (answer.status_code, "does not exist" in answer.json()["detail"]) == (422, True)


def test_a_service_may_name_the_hosts_that_it_reads_from(client_of: ClientOf) -> None:
    narrow = client_of("main", allowed_hosts="git.example")
    assert submit(narrow, repository="https://git.example/a/b")
    answer = narrow.post("/v1/jobs", json={"repository": "https://elsewhere.example/a/b"})
    assert (answer.status_code, "allowed are: git.example" in answer.json()["detail"]) == (422, True)


def test_the_same_key_and_request_are_one_job(client: TestClient, client_of: ClientOf, told: list[str]) -> None:
    def send(asked: dict[str, object], by: TestClient = client) -> tuple[int, str]:
        answer = by.post("/v1/jobs", json=asked, headers={"Idempotency-Key": "nightly-1"})
        return answer.status_code, answer.json().get("id") or answer.json()["detail"]

    first = send(dict(ASKED))
    assert send(dict(ASKED)) == first
    assert told == [first[1]]
    status, sentence = send({**ASKED, "seed": 1})
    assert (status, "was used for another request" in sentence) == (422, True)
    assert send(dict(ASKED), client_of("other"))[1] != first[1]


def test_a_job_is_cancelled_paused_resumed_and_begun_again(client: TestClient, told: list[str]) -> None:
    job_id = submit(client)

    def steer(verb: str) -> tuple[int, str]:
        answer = client.post(f"/v1/jobs/{job_id}:{verb}")
        return answer.status_code, answer.json()["status" if answer.is_success else "detail"]

    assert steer("pause") == (202, "paused")
    assert steer("resume") == (202, "queued")
    assert steer("resume") == (409, f"job {job_id} is queued: it cannot be asked to resume")
    assert steer("cancel") == (202, "cancelled")
    assert steer("pause")[0] == 409
    assert steer("retry") == (202, "queued")
    assert told == [job_id] * 3
    assert client.get(f"/v1/jobs/{job_id}").json()["attempt"] == 1


def test_a_running_job_shows_what_is_wanted_of_it(client: TestClient, store: Store) -> None:
    job_id = submit(client)
    lease = store.queue.claim(job_id, "a worker")
    assert lease is not None
    cancelled = client.post(f"/v1/jobs/{job_id}:cancel").json()
    assert (cancelled["status"], cancelled["wanted"]) == ("running", "cancel")
    store.queue.hand_over(lease, Spend(usd=0.5))
    job = client.get(f"/v1/jobs/{job_id}").json()
    assert (job["status"], job["spend"]["usd"]) == ("cancelled", 0.5)


def test_pages_lose_and_double_nothing_while_jobs_arrive(client_of: ClientOf) -> None:
    client = client_of("pages")
    jobs = [submit(client, seed=seed) for seed in range(7)]
    seen: list[str] = []
    following: str | None = ""
    while following is not None:
        page = client.get("/v1/jobs", params={"limit": 3, **({"cursor": following} if following else {})}).json()
        seen += [job["id"] for job in page["items"]]
        following = page["next"]
        submit(client)
    assert seen == jobs[::-1]


def test_jobs_are_found_by_what_they_are(client_of: ClientOf) -> None:
    client = client_of("filters")
    one, two = submit(client), submit(client, repository="https://github.com/owner/other")
    client.post(f"/v1/jobs/{two}:cancel")
    moment = client.get(f"/v1/jobs/{two}").json()["created"]

    def found(**filters: object) -> list[str]:
        return [job["id"] for job in client.get("/v1/jobs", params=filters).json()["items"]]

    assert found(status="queued") == [one]
    assert found(status=["cancelled", "queued"]) == [two, one]
    assert found(repository="https://github.com/owner/other") == [two]
    assert found(kind="judgement") == []
    assert found(created_after=moment) == [two]
    assert found(created_before=moment) == [one]
    assert found(status="paused", repository=ASKED["repository"]) == []
    before_all = {"created_after": "0001-01-01T00:00:00+14:00"}
    for wrong in ({"status": "done"}, {"cursor": "x"}, {"cursor": "4pyT"}, {"limit": 0}, {"limit": 101}, before_all):
        assert client.get("/v1/jobs", params=wrong).status_code == 422


def test_an_operator_sees_the_jobs_of_the_command_line(client: TestClient, client_of: ClientOf, store: Store) -> None:
    job = Job(id="c0ffee", source="/somewhere", created=datetime.now(UTC) + timedelta(days=1))
    store.jobs.create(job)
    assert client.get("/v1/jobs", params={"limit": 1}).json()["items"][0]["status"] == "running"
    store.jobs.finish("c0ffee", JobStatus.INTERRUPTED)
    assert client.get("/v1/jobs/c0ffee").json()["status"] == "paused"
    assert client.get("/v1/jobs", params={"status": "paused"}).json()["items"][0]["id"] == "c0ffee"
    assert client.post("/v1/jobs/c0ffee:resume").status_code == 409
    assert client_of("main", Scope.READ).get("/v1/jobs/c0ffee").status_code == 404


def test_steps_come_in_order_page_by_page(client: TestClient, store: Store) -> None:
    job_id = submit(client)
    journal = store.jobs.journal(job_id)
    for number in range(1, 8):
        kind = StepKind.NOTE if number % 2 else StepKind.VERDICT
        journal.append(kind, f"step {number}", {"x": float("inf"), "text": "\ud800"}, candidate=number % 3, round=1)

    def steps(**asked: object) -> tuple[list[int], int | None]:
        page = client.get(f"/v1/jobs/{job_id}/steps", params=asked).json()
        return [step["number"] for step in page["items"]], page["next"]

    assert steps() == ([1, 2, 3, 4, 5, 6, 7], None)
    assert steps(limit=3) == ([1, 2, 3], 3)
    assert steps(after=3, limit=4) == ([4, 5, 6, 7], None)
    assert steps(kind="verdict") == ([2, 4, 6], None)
    assert steps(kind=["verdict", "note"], limit=3) == ([1, 2, 3], 3)
    assert steps(candidate=1, kind="note", round=1) == ([1, 7], None)
    assert steps(round=2) == ([], None)
    first = client.get(f"/v1/jobs/{job_id}/steps").json()["items"][0]
    assert first["data"] == {"x": None, "text": "\ud800"}


def test_submissions_of_other_tenants_are_not_there(client_of: ClientOf) -> None:
    job_id = submit(client_of("one"))
    other = client_of("two")
    assert other.get(f"/v1/jobs/{job_id}").status_code == 404
    assert other.get("/v1/jobs").json() == {"items": [], "next": None}
