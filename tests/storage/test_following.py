"""What event streams read: each step once, in order, of many jobs at once, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from agent.domain import Job, StepKind
from agent.protocols import JobStatus
from storage.following import BATCH, PAGE
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import steps

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[Store]:
    with open_store(tmp_path, database_url) as opened:
        yield opened


def submit(store: Store, job_id: str, count: int = 0) -> None:
    job = Job(id=job_id, source="https://example.org/x", created=NOON)
    store.queue.submit(job, Submission(tenant="acme"))
    for number in range(1, count + 1):
        store.jobs.journal(job_id).append(StepKind.NOTE, f"{job_id} {number}")


def test_news_come_page_by_page_and_in_order(store: Store) -> None:
    submit(store, "a1", PAGE + 3)
    submit(store, "a2", 2)
    submit(store, "a3")
    first = store.following.news({"a1": 0, "a2": 1, "a3": 0})
    assert [step.number for step in first["a1"].steps] == list(range(1, PAGE + 1))
    assert [step.title for step in first["a2"].steps] == ["a2 2"]
    assert "a3" not in first
    second = store.following.news({"a1": PAGE, "a2": 2})
    assert {job_id: [step.number for step in found.steps] for job_id, found in second.items()} == {
        "a1": [PAGE + 1, PAGE + 2, PAGE + 3]
    }
    assert (first["a1"].reached, second["a1"].reached) == (PAGE, PAGE + 3)


def test_what_was_removed_is_passed_over(store: Store) -> None:
    submit(store, "a1", PAGE + 9)
    submit(store, "a2", 2)
    removed = steps.delete().where(steps.c.job_id == "a1", steps.c.number.between(3, PAGE + 5))
    with store.database.writing() as connection:
        connection.execute(removed)
        connection.execute(steps.delete().where(steps.c.job_id == "a1", steps.c.number == PAGE + 9))
    news = store.following.news({"a1": 2, "a2": 0})
    assert {job_id: ([step.number for step in found.steps], found.reached) for job_id, found in news.items()} == {
        "a1": ([PAGE + 6, PAGE + 7, PAGE + 8], PAGE + 9),
        "a2": ([1, 2], 2),
    }
    last = store.following.page("a1", PAGE + 8)
    assert (last.steps, last.reached) == ([], PAGE + 9)


def test_news_without_gaps_cost_one_query(store: Store) -> None:
    names = [f"a{number}" for number in range(5)]
    for name in names:
        submit(store, name, 2)
    asked: list[str] = []
    event.listen(store.database._engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assert len(store.following.news(dict.fromkeys(names, 0))) == 5
    assert len([one for one in asked if "FROM steps" in one]) == 1


def test_more_jobs_than_one_statement_asks_for(store: Store) -> None:
    submit(store, "a1", 1)
    others = {f"none-{number}": 0 for number in range(2 * BATCH)}
    assert list(store.following.news({**others, "a1": 0})) == ["a1"]
    assert list(store.following.standings([*others, "a1"])) == ["a1"]
    assert store.following.standings([]) == {}


def test_where_a_job_stands_is_told_to_its_tenant(store: Store) -> None:
    submit(store, "a1", 2)
    assert store.following.standing("a1", ["other"]) is None
    standing = store.following.standing("a1", ["other", "acme"])
    assert standing is not None
    assert (standing.status, standing.last_step, standing.ended) == (JobStatus.QUEUED, 2, False)
    lease = store.queue.claim("a1", "w")
    assert lease is not None
    store.queue.end(lease, JobStatus.FAILED, detail="no tests")
    (ended,) = store.following.standings(["a1"]).values()
    assert (ended.status, ended.detail, ended.ended) == (JobStatus.FAILED, "no tests", True)
