"""Pages of jobs and steps, on both databases: complete, in order, and whose they are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from agent.domain import Job, Spend, StepKind
from agent.protocols import JobStatus
from storage.listing import Cursor, Sought, StepsSought
from storage.store import Store, open_store
from storage.submission import Submission
from tools.errors import UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINE = Sought(tenants=["acme"])
MANY = 23


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[Store]:
    with open_store(tmp_path, database_url) as opened:
        yield opened


def submit(store: Store, job_id: str, minute: int = 0, tenant: str = "acme", source: str = "https://x.org/y") -> None:
    job = Job(id=job_id, source=source, created=NOON + timedelta(minutes=minute))
    store.queue.submit(job, Submission(tenant=tenant))


def ids(store: Store, sought: Sought, limit: int = 100) -> list[str]:
    return [row.job.id for row in store.listing.page(sought, limit)[0]]


def test_pages_join_into_the_whole_even_where_many_came_in_the_same_moment(store: Store) -> None:
    names = [f"j{number:02}" for number in range(MANY)]
    for number, name in enumerate(names):
        submit(store, name, minute=number // 5)
        submit(store, f"o{number:02}", minute=number // 5, tenant="other")
    seen: list[str] = []
    cursor: Cursor | None = None
    while True:
        rows, cursor = store.listing.page(MINE, 4, cursor)
        seen += [row.job.id for row in rows]
        if cursor is None:
            break
    assert seen == sorted(names, key=lambda name: (int(name[1:]) // 5, name), reverse=True)
    both = ids(store, Sought(tenants=["acme", "other"]), 7)
    assert len(both) == 7
    assert {name[0] for name in both} == {"j", "o"}


def test_filters_find_what_they_say(store: Store) -> None:
    for number in range(4):
        submit(store, f"a{number}", minute=number, source=f"https://x.org/{number % 2}")
    lease = store.queue.claim("a3", "w")
    assert lease is not None
    store.queue.end(lease, JobStatus.FINISHED, report={"kept": [{"speedup": {"point": 2.0}}], "combined": None})
    store.queue.want("a2", "acme", "cancel")
    assert ids(store, Sought(tenants=["acme"], statuses=[JobStatus.FINISHED, JobStatus.CANCELLED])) == ["a3", "a2"]
    assert ids(store, Sought(tenants=["acme"], source="https://x.org/1")) == ["a3", "a1"]
    between = Sought(tenants=["acme"], since=NOON + timedelta(minutes=1), until=NOON + timedelta(minutes=3))
    assert ids(store, between) == ["a2", "a1"]
    assert ids(store, Sought(tenants=["acme"], kind="judgement")) == []
    assert store.listing.find("a3", ["acme"]).gain == {"point": 2.0}
    for other in (["beta"], []):
        with pytest.raises(UserError, match="there is no job 'a3'"):
            store.listing.find("a3", other)


def test_steps_are_found_by_what_they_are(store: Store) -> None:
    submit(store, "a1")
    lease = store.queue.claim("a1", "w")
    assert lease is not None
    journal = store.jobs.journal("a1", lease)
    kinds = (StepKind.NOTE, StepKind.VERDICT, StepKind.EVIDENCE)
    for number in range(1, 13):
        journal.append(kinds[number % 3], f"{number}", candidate=number % 4 or None, round=number % 2)

    def found(limit: int = 100, **asked: object) -> tuple[list[int], int | None]:
        steps, following = store.listing.steps("a1", StepsSought(**asked), limit)  # type: ignore[arg-type]
        return [step.number for step in steps], following

    assert found(5) == ([1, 2, 3, 4, 5], 5)
    assert found(5, after=10) == ([11, 12], None)
    assert found(kinds=[StepKind.NOTE]) == ([3, 6, 9, 12], None)
    assert found(3, kinds=[StepKind.NOTE, StepKind.VERDICT], after=1) == ([3, 4, 6], 6)
    assert found(candidate=1, round=1) == ([1, 5, 9], None)
    store.queue.hand_over(lease, Spend())


def test_a_page_is_read_along_an_index(store: Store) -> None:
    """However many jobs there are: no plan sorts them, or reads the table from end to end."""
    if not store.database.is_sqlite:
        return  # a planner that knows how small a table is reads it whole
    submit(store, "a1")
    plans = {
        "SELECT created, id FROM jobs WHERE tenant = 'a' AND (created, id) < ('2026', 'x') "
        "ORDER BY created DESC, id DESC LIMIT 5": "ix_jobs_tenant",
        "SELECT created, id FROM jobs WHERE tenant = 'a' AND status = 's' ORDER BY created DESC, id DESC LIMIT 5": (
            "ix_jobs_tenant_status"
        ),
        "SELECT * FROM steps WHERE job_id = 'a' AND kind = 'k' AND number > 5 ORDER BY number LIMIT 5": "ix_steps_kind",
    }
    with store.database.reading() as connection:
        for query, index in plans.items():
            told = " ".join(str(row.detail) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}")))
            assert index in told
            assert "TEMP B-TREE" not in told
            assert "SCAN" not in told
