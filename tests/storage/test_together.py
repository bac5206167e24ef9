"""Many processes at once on one database: each thing happens once, and nothing waits for ever."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from crowd import opened_together, together
from crowd_work import append, claim, refuse, send, submit, sweep, work
from sqlalchemy import update

from storage.store import open_store
from storage.tables import jobs

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CROWD = 4


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def prepare(home: Path, url: str | None, number: int) -> list[str]:
    with open_store(home, url) as store:
        return [submit(store, f"a{one}") for one in range(number)]


def test_steps_of_one_job_and_of_many(home: Path, database_url: str | None) -> None:
    names = prepare(home, database_url, CROWD)
    one = together(append, home, database_url, [(["a0"], 15)] * CROWD)
    assert sorted(number for numbers in one for number in numbers) == list(range(1, 15 * CROWD + 1))
    many = together(append, home, database_url, [(names[1:], 5)] * CROWD)
    assert len(many) == CROWD
    with open_store(home, database_url) as store:
        for name in names[1:]:
            assert [step.number for step in store.jobs.journal(name).steps()] == list(range(1, 5 * CROWD + 1))


def test_one_claims(home: Path, database_url: str | None) -> None:
    names = prepare(home, database_url, 10)
    taken = together(claim, home, database_url, [(names, f"w{one}") for one in range(CROWD)])
    assert sorted(lease for leases in taken for lease in leases) == sorted((name, 1) for name in names)


def test_one_key_makes_one_job(home: Path, database_url: str | None) -> None:
    keys = [f"k{one}" for one in range(4)]
    prepare(home, database_url, 0)
    sent = together(send, home, database_url, [(keys, me) for me in range(CROWD)])
    assert all(answer == sent[0] for answer in sent)
    with open_store(home, database_url) as store:
        assert sorted(job.id for job in store.jobs.list()) == sorted(sent[0])


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


def test_workers_share_jobs_round_by_round(home: Path, database_url: str | None) -> None:
    names = prepare(home, database_url, 6)
    assert sum(together(work, home, database_url, [(names, f"w{one}") for one in range(3)])) == 5 * len(names)
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


def test_one_key_for_different_requests_is_refused_to_all_but_one(home: Path, database_url: str | None) -> None:
    prepare(home, database_url, 0)
    assert sorted(together(refuse, home, database_url, [("k", me) for me in range(CROWD)])) == [False] + [True] * (
        CROWD - 1
    )
