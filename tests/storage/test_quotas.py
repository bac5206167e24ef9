"""What a tenant may have, counted in the same breath as it is given: nobody gets one more by asking twice at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from agent.domain import Budget, Job, Model, Spend
from agent.protocols import JobStatus
from storage.limits import Limits, QuotaError, limits_of, limits_to_json
from storage.queue import CANCEL
from storage.retention import Retention, expire
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import jobs, spent

AT_ONCE = 8


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[Store]:
    with open_store(tmp_path, database_url) as opened:
        opened.tenants.add("acme", "Acme", Limits())
        yield opened


def submit(store: Store, job_id: str, limits: Limits = Limits(), usd: float = 0.0) -> str:  # noqa: B008
    models = (Model(name="openai:gpt-5-mini"),) if usd else ()
    job = Job(
        id=job_id,
        source="https://example.org/x",
        created=datetime.now(UTC),
        budget=Budget(usd=usd),
        models=models,
    )
    return store.queue.submit(job, Submission(tenant="acme", limits=limits))


def refused(store: Store, job_id: str, limits: Limits, usd: float = 0.0) -> QuotaError:
    with pytest.raises(QuotaError) as raised:
        submit(store, job_id, limits, usd)
    return raised.value


@pytest.mark.parametrize(
    "limits", [Limits(queued_jobs=3), Limits(jobs_per_day=3), Limits(usd_per_month=30.0)], ids=["queue", "day", "month"]
)
def test_no_more_are_taken_than_there_is_room_for_however_many_come_at_once(store: Store, limits: Limits) -> None:
    def one(number: int) -> bool:
        try:
            return bool(submit(store, f"j{number}", limits, 10.0))
        except QuotaError:
            return False

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(one, range(AT_ONCE))) == 3


def test_there_is_room_again_when_a_job_has_begun(store: Store) -> None:
    limits = Limits(queued_jobs=1)
    submit(store, "a1", limits)
    error = refused(store, "a2", limits)
    assert (error.status, error.retry_after_s > 0) == (429, True)
    assert store.queue.claim("a1", "w") is not None
    submit(store, "a2", limits)


def test_a_day_is_over_after_a_day(store: Store) -> None:
    limits = Limits(jobs_per_day=1)
    submit(store, "a1", limits)
    assert 23 * 3600 < refused(store, "a2", limits).retry_after_s <= 24 * 3600
    with store.database.writing() as connection:
        connection.execute(update(jobs).values(created=datetime.now(UTC) - timedelta(days=1, minutes=1)))
    submit(store, "a2", limits)


def test_dollars_are_set_aside_until_a_job_has_ended_and_then_are_what_it_spent(store: Store) -> None:
    limits = Limits(usd_per_month=10.0)
    submit(store, "a1", limits, 8.0)
    error = refused(store, "a2", limits, 3.0)
    assert (error.status, "8.00 are spent or set aside" in str(error)) == (403, True)
    submit(store, "free", limits)
    lease = store.queue.claim("a1", "w")
    assert lease is not None
    store.queue.end(lease, JobStatus.FINISHED, spend=Spend(usd=1.5))
    submit(store, "a2", limits, 8.0)
    assert "9.50" in str(refused(store, "a3", limits, 1.0))


def test_a_job_that_is_begun_again_asks_the_month_again(store: Store) -> None:
    limits = Limits(usd_per_month=10.0)
    submit(store, "a1", limits, 8.0)
    lease = store.queue.claim("a1", "w")
    assert lease is not None
    store.queue.end(lease, JobStatus.FAILED, spend=Spend(usd=1.0))
    submit(store, "a2", limits, 8.0)
    with pytest.raises(QuotaError, match=r"16\.00 are spent or set aside for jobs that have not ended, this one among"):
        store.queue.go_on("a1", "acme", retry=True, limits=limits)
    assert store.jobs.state("a1").status is JobStatus.FAILED
    other = store.queue.claim("a2", "w")
    assert other is not None
    store.queue.end(other, JobStatus.FINISHED, spend=Spend(usd=0.5))
    store.queue.go_on("a1", "acme", retry=True, limits=limits)
    assert store.jobs.state("a1").status is JobStatus.QUEUED


def test_a_job_of_last_month_that_is_begun_again_counts_in_this_one(store: Store) -> None:
    limits = Limits(usd_per_month=10.0)
    for job_id in ("a1", "a2"):
        submit(store, job_id, Limits(), 8.0)
        store.queue.want(job_id, "acme", CANCEL)
    with store.database.writing() as connection:
        connection.execute(update(jobs).values(created=datetime.now(UTC) - timedelta(days=32)))
    store.queue.go_on("a1", "acme", retry=True, limits=limits)
    with pytest.raises(QuotaError, match=r"16\.00 are spent or set aside"):
        store.queue.go_on("a2", "acme", retry=True, limits=limits)
    assert "8.00 are spent" in str(refused(store, "a3", limits, 3.0))
    submit(store, "a4", limits, 2.0)


def test_what_removed_jobs_have_spent_counts_until_the_month_is_over(store: Store) -> None:
    limits = Limits(usd_per_month=10.0)
    for job_id in ("a1", "a2"):
        submit(store, job_id, limits, 4.0)
        lease = store.queue.claim(job_id, "w")
        assert lease is not None
        store.queue.end(lease, JobStatus.FINISHED, spend=Spend(usd=3.0))
    assert expire(store.database, Retention(jobs_days=0)).jobs == 2
    assert "6.00 are spent" in str(refused(store, "a3", limits, 5.0))
    submit(store, "a4", limits, 4.0)
    with store.database.writing() as connection:
        connection.execute(update(spent).values(month="2001-01"))
    submit(store, "a5", limits, 5.0)


def test_a_tenant_runs_no_more_at_once_than_it_may_and_others_have_their_turn(store: Store) -> None:
    store.tenants.limit("acme", Limits(running_jobs=2))
    for number in range(4):
        submit(store, f"a{number}")
    leases = [store.queue.claim(f"a{number}", "w") for number in range(4)]
    assert [lease is not None for lease in leases] == [True, True, False, False]
    other = Job(id="b1", source="https://example.org/x", created=datetime.now(UTC))
    store.queue.submit(other, Submission(tenant="another"))
    assert store.queue.claim("b1", "w") is not None
    assert leases[0] is not None
    store.queue.hand_over(leases[0], Spend())
    again = store.queue.claim("a0", "w")
    assert again is not None, "a job that runs keeps its place between two rounds"
    assert store.queue.claim("a2", "w") is None
    store.queue.end(again, JobStatus.FINISHED)
    assert store.queue.next_in_turn("a0") == "a2"
    assert store.queue.claim("a2", "w") is not None


def begun(store: Store, message: str) -> str:
    """The job that a worker begins when it takes a message."""
    turn = store.queue.whose_turn(message)
    assert turn is not None
    assert store.queue.claim(turn, "w") is not None
    return turn


def test_a_tenant_with_one_job_does_not_wait_for_all_those_of_another(store: Store) -> None:
    for number in range(4):
        submit(store, f"a{number}")
    store.tenants.add("beta", "Beta", Limits())
    other = Job(id="b1", source="https://example.org/x", created=datetime.now(UTC))
    store.queue.submit(other, Submission(tenant="beta"))
    messages = ["a0", "a1", "a2", "a3", "b1"]
    assert [begun(store, message) for message in messages] == ["a0", "b1", "a1", "a2", "a3"]
    assert store.queue.whose_turn("a0") is None


def test_a_job_that_was_begun_is_gone_on_with(store: Store) -> None:
    submit(store, "a1")
    submit(store, "a2")
    lease = store.queue.claim("a2", "w")
    assert lease is not None
    assert store.queue.whose_turn("a2") == "a1"
    store.queue.hand_over(lease, Spend())
    assert store.queue.whose_turn("a2") == "a2"


def test_who_runs_as_many_as_they_may_has_no_turn(store: Store) -> None:
    store.tenants.limit("acme", Limits(running_jobs=1))
    submit(store, "a1")
    submit(store, "a2")
    assert begun(store, "a1") == "a1"
    assert store.queue.whose_turn("a2") is None


def test_workers_that_claim_at_once_begin_no_more_than_there_may_be(store: Store) -> None:
    store.tenants.limit("acme", Limits(running_jobs=3))
    for number in range(AT_ONCE):
        submit(store, f"a{number}")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        taken = list(pool.map(lambda number: store.queue.claim(f"a{number}", f"w{number}"), range(AT_ONCE)))
    assert sum(lease is not None for lease in taken) == 3


def test_limits_are_kept_where_they_differ(store: Store) -> None:
    limits = Limits(running_jobs=2, requests_per_s=None)
    assert limits_of(limits_to_json(limits)) == limits
    assert limits_of({"of a newer version": 1}) == Limits()
    assert store.tenants.limit("acme", limits).limits == limits
