"""Many processes at once on one database: each thing happens once, and nothing waits for ever."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from crowd import opened_together, together
from sqlalchemy import update

from agent.domain import Job, Spend, StepKind
from agent.protocols import JobStatus
from storage.leases import LeaseLost
from storage.queue import Submission
from storage.store import Store, open_store
from storage.tables import jobs
from tools.errors import UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CROWD = 6


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def submit(store: Store, job_id: str, key: str | None = None) -> str:
    job = Job(id=job_id, source="https://example.org/x", created=NOON)
    return store.queue.submit(job, Submission(tenant="acme", key=key, digest="d"))


def prepare(home: Path, url: str | None, number: int) -> list[str]:
    with open_store(home, url) as store:
        return [submit(store, f"a{one}") for one in range(number)]


def append(store: Store, job_ids: list[str], number: int) -> list[int]:
    return [store.jobs.journal(job_id).append(StepKind.NOTE, "x").number for job_id in job_ids for _ in range(number)]


def test_steps_of_one_job_and_of_many(home: Path, database_url: str | None) -> None:
    names = prepare(home, database_url, CROWD)
    one = together(append, home, database_url, [(["a0"], 15)] * CROWD)
    assert sorted(number for numbers in one for number in numbers) == list(range(1, 15 * CROWD + 1))
    many = together(append, home, database_url, [(names[1:], 5)] * CROWD)
    assert len(many) == CROWD
    with open_store(home, database_url) as store:
        for name in names[1:]:
            assert [step.number for step in store.jobs.journal(name).steps()] == list(range(1, 5 * CROWD + 1))


def claim(store: Store, job_ids: list[str], owner: str) -> list[tuple[str, int]]:
    leases = [store.queue.claim(job_id, owner) for job_id in job_ids]
    return [(lease.job_id, lease.fence) for lease in leases if lease]


def test_one_claims(home: Path, database_url: str | None) -> None:
    names = prepare(home, database_url, 10)
    taken = together(claim, home, database_url, [(names, f"w{one}") for one in range(CROWD)])
    assert sorted(lease for leases in taken for lease in leases) == sorted((name, 1) for name in names)


def send(store: Store, keys: list[str], me: int) -> list[str]:
    return [submit(store, f"{key}{me}", key) for key in keys]


def test_one_key_makes_one_job(home: Path, database_url: str | None) -> None:
    keys = [f"k{one}" for one in range(4)]
    prepare(home, database_url, 0)
    sent = together(send, home, database_url, [(keys, me) for me in range(CROWD)])
    assert all(answer == sent[0] for answer in sent)
    with open_store(home, database_url) as store:
        assert sorted(job.id for job in store.jobs.list()) == sorted(sent[0])


def sweep(store: Store, times: int) -> list[str]:
    return [name for _ in range(times) for name in store.queue.sweep()]


def test_each_death_counts_once_and_is_told_once(home: Path, database_url: str | None) -> None:
    names = prepare(home, database_url, 40)
    with open_store(home, database_url) as store:
        for name in names[:30]:
            assert store.queue.claim(name, "dead")
        past = datetime.now(UTC) - timedelta(minutes=5)
        with store.database.writing() as connection:
            connection.execute(update(jobs).where(jobs.c.lease_owner == "dead").values(lease_until=past))
            connection.execute(update(jobs).where(jobs.c.lease_owner.is_(None)).values(due=past))
    told = together(sweep, home, database_url, [(3,)] * CROWD)
    assert sorted(name for some in told for name in some) == sorted(names)
    with open_store(home, database_url) as store, store.database.reading() as connection:
        found = connection.execute(jobs.select()).mappings().all()
        assert sorted(row["deaths"] for row in found) == [0] * 10 + [1] * 30
        assert {row["attempt"] for row in found if row["deaths"]} == {1}


def work(store: Store, job_ids: list[str], owner: str) -> int:
    """Take what waits, write a step for each round, give it back; until all have ended."""
    written, left = 0, list(job_ids)
    while left:
        name = left.pop(0)
        lease = store.queue.claim(name, owner)
        if lease is None:
            if store.jobs.state(name).status is not JobStatus.FINISHED:
                left.append(name)
            continue
        number = store.jobs.journal(name, lease).append(StepKind.NOTE, owner).number
        written += 1
        store.queue.heartbeat(lease)
        if number == 5:
            store.queue.end(lease, JobStatus.FINISHED)
        else:
            store.queue.hand_over(lease, Spend(candidates=number))
            left.append(name)
        with pytest.raises(LeaseLost):
            store.queue.heartbeat(lease)
    return written


def test_workers_share_jobs_round_by_round(home: Path, database_url: str | None) -> None:
    names = prepare(home, database_url, 8)
    assert sum(together(work, home, database_url, [(names, f"w{one}") for one in range(4)])) == 5 * len(names)
    with open_store(home, database_url) as store:
        for name in names:
            assert [step.number for step in store.jobs.journal(name).steps()] == [1, 2, 3, 4, 5]


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest) -> str | None:
    url: str = "" if request.param == "sqlite" else request.getfixturevalue("bare_postgres_url")
    return url or None


def test_one_of_many_first_starts_migrates(home: Path, new_url: str | None) -> None:
    home.mkdir()
    assert opened_together(home, new_url, CROWD) == [0] * CROWD
    revisions = "SELECT count(*) FROM alembic_version"
    if new_url is None:
        with sqlite3.connect(home / "hasten.db") as file:
            assert file.execute(revisions).fetchone() == (1,)
    else:
        with psycopg.connect(new_url) as connection:
            assert connection.execute(revisions).fetchone() == (1,)


def refuse(store: Store, key: str, me: int) -> bool:
    job = Job(id=f"j{me}", source="/x", created=NOON)
    try:
        store.queue.submit(job, Submission(tenant="acme", key=key, digest=f"d{me}"))
    except UserError as error:
        return error.status == 422
    return False


def test_one_key_for_different_requests_is_refused_to_all_but_one(home: Path, database_url: str | None) -> None:
    prepare(home, database_url, 0)
    assert sorted(together(refuse, home, database_url, [("k", me) for me in range(CROWD)])) == [False] + [True] * 5
