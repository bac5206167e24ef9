"""The queue of the service: one holder at a time, whatever dies, and what a person wants is done."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from agent.domain import Job, Spend, StepKind
from agent.protocols import JobStatus
from storage.leases import LeaseLost
from storage.queue import CANCEL, MOST_DEATHS, PAUSE
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import jobs
from tools.errors import UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACME = Submission(tenant="acme")


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[Store]:
    with open_store(tmp_path, database_url) as opened:
        yield opened


def submit(store: Store, job_id: str = "a1", submission: Submission = ACME) -> str:
    return store.queue.submit(Job(id=job_id, source="https://example.org/x", created=NOON), submission)


def status(store: Store, job_id: str = "a1") -> JobStatus:
    return store.jobs.state(job_id).status


def let_it_expire(store: Store) -> None:
    with store.database.writing() as connection:
        connection.execute(update(jobs).values(lease_until=datetime.now(UTC) - timedelta(seconds=1)))


def test_one_worker_holds_a_job_at_a_time(store: Store) -> None:
    submit(store)
    assert status(store) is JobStatus.QUEUED
    lease = store.queue.claim("a1", "one")
    assert lease is not None
    assert store.queue.claim("a1", "two") is None
    assert status(store) is JobStatus.RUNNING
    store.queue.hand_over(lease, Spend(candidates=1))
    assert status(store) is JobStatus.RUNNING
    again = store.queue.claim("a1", "two")
    assert again is not None
    assert again.fence > lease.fence
    assert again.attempt == 0
    assert store.jobs.state("a1").spend.candidates == 1


@pytest.mark.parametrize("taker", ["two", "one"], ids=["another worker", "the same worker again"])
def test_who_was_overtaken_writes_nothing(store: Store, taker: str) -> None:
    submit(store)
    old = store.queue.claim("a1", "one")
    assert old is not None
    store.jobs.journal("a1", old).append(StepKind.NOTE, "mine")
    let_it_expire(store)
    assert list(store.queue.sweep()) == ["a1"]
    new = store.queue.claim("a1", taker)
    assert new is not None
    for write in (
        lambda: store.jobs.journal("a1", old).append(StepKind.NOTE, "too late"),
        lambda: store.jobs.journal("a1", old).reserve_confirmation(),
        lambda: store.queue.heartbeat(old),
        lambda: store.queue.wanted(old),
        lambda: store.queue.record_spend(old, Spend()),
        lambda: store.queue.hand_over(old, Spend()),
        lambda: store.queue.end(old, JobStatus.FINISHED),
    ):
        with pytest.raises(LeaseLost):
            write()
    step = store.jobs.journal("a1", new).append(StepKind.NOTE, "theirs")
    assert (step.number, step.attempt) == (2, 1)


def test_a_job_whose_workers_die_again_and_again_has_failed(store: Store) -> None:
    submit(store)
    for _ in range(MOST_DEATHS):
        assert status(store) is not JobStatus.FAILED
        assert store.queue.claim("a1", "w") is not None
        let_it_expire(store)
        store.queue.sweep()
    assert status(store) is JobStatus.FAILED
    assert "died" in store.jobs.state("a1").detail
    store.queue.go_on("a1", "acme", retry=True)
    assert status(store) is JobStatus.QUEUED


def test_a_key_makes_one_job(store: Store) -> None:
    keyed = Submission(tenant="acme", key="k", digest="d")
    assert submit(store, "a1", keyed) == "a1"
    assert submit(store, "a2", keyed) == "a1"
    assert submit(store, "a3", Submission(tenant="other", key="k", digest="d")) == "a3"
    with pytest.raises(UserError, match="another request") as raised:
        submit(store, "a4", Submission(tenant="acme", key="k", digest="e"))
    assert raised.value.status == 422


def test_a_cancel_takes_effect_at_once_or_at_the_worker(store: Store) -> None:
    submit(store, "a1")
    store.queue.want("a1", "acme", CANCEL)
    assert status(store) is JobStatus.CANCELLED
    submit(store, "a2")
    lease = store.queue.claim("a2", "w")
    assert lease is not None
    store.queue.want("a2", "acme", CANCEL)
    assert store.queue.heartbeat(lease) == CANCEL
    store.queue.hand_over(lease, Spend())
    assert status(store, "a2") is JobStatus.CANCELLED
    assert store.queue.claim("a2", "w") is None
    with pytest.raises(UserError) as raised:
        store.queue.want("a2", "acme", PAUSE)
    assert raised.value.status == 409


def test_a_pause_lasts_until_somebody_resumes(store: Store) -> None:
    submit(store)
    lease = store.queue.claim("a1", "w")
    assert lease is not None
    store.queue.want("a1", "acme", PAUSE)
    store.queue.hand_over(lease, Spend())
    assert status(store) is JobStatus.PAUSED
    assert list(store.queue.sweep()) == []
    store.queue.go_on("a1", "acme")
    assert store.queue.claim("a1", "w") is not None


def test_another_tenants_job_is_not_there(store: Store) -> None:
    submit(store)
    for ask in (lambda: store.queue.want("a1", "other", CANCEL), lambda: store.queue.go_on("a1", "other")):
        with pytest.raises(UserError) as raised:
            ask()
        assert raised.value.status == 404


def test_a_lost_message_is_sent_again(store: Store) -> None:
    submit(store)
    assert list(store.queue.sweep()) == []
    with store.database.writing() as connection:
        connection.execute(update(jobs).values(due=datetime.now(UTC) - timedelta(minutes=5)))
    assert list(store.queue.sweep()) == ["a1"]
    assert list(store.queue.sweep()) == []


def test_a_job_that_failed_for_a_while_waits_until_it_is_due(store: Store) -> None:
    submit(store)
    lease = store.queue.claim("a1", "w")
    assert lease is not None
    store.queue.hand_over(lease, Spend(), unfinished=True, failed=True, delay_s=60)
    assert store.queue.claim("a1", "w") is None
    assert list(store.queue.sweep()) == []
    with store.database.writing() as connection:
        connection.execute(update(jobs).values(due=datetime.now(UTC) - timedelta(minutes=5)))
    assert list(store.queue.sweep()) == ["a1"]
    again = store.queue.claim("a1", "w")
    assert again is not None
    assert (again.failures, again.attempt) == (1, 1)
    store.queue.hand_over(again, Spend())
    third = store.queue.claim("a1", "w")
    assert third is not None
    assert third.failures == 0


def test_jobs_of_the_dead_go_before_lost_messages(store: Store) -> None:
    submit(store, "a1")
    submit(store, "a2")
    with store.database.writing() as connection:
        connection.execute(update(jobs).values(due=datetime.now(UTC) - timedelta(minutes=5)))
    assert store.queue.claim("a2", "w") is not None
    let_it_expire(store)
    assert list(store.queue.sweep(limit=0)) == ["a2"]
    assert list(store.queue.sweep(limit=0)) == []
    assert list(store.queue.sweep(limit=1)) == ["a1"]


def test_a_beat_keeps_what_was_spent_and_hears_what_is_wanted(store: Store) -> None:
    submit(store)
    lease = store.queue.claim("a1", "w")
    assert lease is not None
    assert store.queue.wanted(lease) == ""
    assert store.queue.heartbeat(lease, spend=Spend(wall_s=7.0)) == ""
    assert store.jobs.state("a1").spend.wall_s == 7.0
    store.queue.want("a1", "acme", PAUSE)
    assert store.queue.wanted(lease) == PAUSE
    let_it_expire(store)
    store.queue.sweep()
    with pytest.raises(LeaseLost):
        store.queue.wanted(lease)


def test_a_job_of_the_command_line_is_never_claimed(store: Store) -> None:
    store.jobs.create(Job(id="b1", source="/x", created=NOON))
    assert store.queue.claim("b1", "w") is None


def test_one_at_a_time_is_alone(store: Store, tmp_path: Path, database_url: str | None) -> None:
    with open_store(tmp_path, database_url) as other, store.database.alone("sweep") as mine:
        assert mine
        with other.database.alone("sweep") as theirs:
            assert not theirs
        with other.database.alone("else") as something_else:
            assert something_else
    with store.database.alone("sweep") as again:
        assert again


def test_workers_are_known_while_they_are_heard_of(store: Store) -> None:
    store.workers.seen("one", "host")
    store.workers.seen("one", "host")
    store.workers.seen("two", "host")
    assert [worker.owner for worker in store.workers.list(60)] == ["one", "two"]
    store.workers.gone("one")
    assert store.workers.forget(silent_for_s=60) == 0
    assert store.workers.forget(silent_for_s=-60) == 1
    assert list(store.workers.list(60)) == []
