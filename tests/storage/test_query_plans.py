"""What the service asks of large tables again and again is found by an index, on both databases."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, update

from agent.domain import Job, Spend, StepKind
from agent.protocols import JobStatus
from benchmarks.service.seeding import job_name, seed_jobs, seed_steps, settle
from storage.listing import Sought, StepsSought
from storage.queue import CANCEL
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import jobs

JOBS, STEPS = 4_000, 6_000
WHOLE = re.compile(r"Seq Scan on (jobs|steps)|SCAN (jobs|steps)\b")
"""How PostgreSQL and SQLite say that they look at every row."""
Statement = tuple[str, Any]


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[Store]:
    with open_store(tmp_path, database_url) as opened:
        seed_jobs(opened.database, "acme", 1, JOBS)
        seed_steps(opened.database, job_name(1), STEPS)
        yield opened


@contextmanager
def overheard() -> Iterator[list[Statement]]:
    """Every statement that is executed meanwhile."""
    heard: list[Statement] = []

    def hear(*told: Any) -> None:
        heard.append((told[2], told[3]))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def plans(store: Store, heard: list[Statement]) -> Iterator[tuple[str, str]]:
    """Each statement with how the database goes about it."""
    explain = "EXPLAIN QUERY PLAN " if store.database.is_sqlite else "EXPLAIN "
    with store.database.writing() as connection:
        for statement, parameters in heard:
            if re.match(r"(WITH|SELECT|UPDATE)\b.*\b(jobs|steps)\b", statement, re.DOTALL):
                lines = [str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters)]
                yield statement, "\n".join(lines)


def assert_by_index(store: Store, heard: list[Statement]) -> None:
    seen = list(plans(store, heard))
    assert seen
    for statement, plan in seen:
        assert not WHOLE.search(plan), f"{statement}\n{plan}"


def test_workers_ask_by_index(store: Store) -> None:
    with overheard() as heard:
        store.queue.submit(
            Job(id="a1", source="https://example.org/x", created=datetime.now(UTC)), Submission(tenant="acme", key="k")
        )
        lease = store.queue.claim("a1", "w")
        assert lease is not None
        assert store.queue.heartbeat(lease) == ""
        store.jobs.journal("a1", lease).append(StepKind.NOTE, "a step")
        assert store.jobs.get("a1").id == "a1"
        store.queue.want("a1", "acme", CANCEL)
        store.queue.hand_over(lease, Spend())
        assert list(store.queue.sweep()) == []
    assert_by_index(store, heard)


def test_pages_are_read_by_index(store: Store) -> None:
    with overheard() as heard:
        for sought in (
            Sought(tenants=("acme",)),
            Sought(tenants=("acme", "local"), statuses=(JobStatus.FAILED, JobStatus.RUNNING)),
            Sought(tenants=("acme",), source="https://example.org/team/project"),
            Sought(tenants=("acme",), kind="optimize"),
        ):
            first, following = store.listing.page(sought, 20)
            second, _ = store.listing.page(sought, 20, following)
            assert len(first) == len(second) == 20
        for wanted in (
            StepsSought(after=STEPS // 2),
            StepsSought(after=STEPS // 2, kinds=(StepKind.VERDICT, StepKind.REPLY)),
            StepsSought(round=STEPS // 1000),
        ):
            found, _ = store.listing.steps(job_name(1), wanted, 50)
            assert len(found) == 50
        assert store.listing.find(job_name(2), ("acme",)).job.id == job_name(2)
        assert list(store.following.news({job_name(1): STEPS - 10})) == [job_name(1)]
    assert_by_index(store, heard)


def test_a_sweep_looks_at_no_more_than_it_tells_of(store: Store) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with store.database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.status == "finished").values(status="queued", due=long_ago))
    settle(store.database)
    with overheard() as heard:
        assert len(store.queue.sweep(limit=10)) == 10
    assert_by_index(store, heard)
