"""Old jobs go, whole or in part, and others stay."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from collecting import age, kept, make, make_plain, run, store
from sqlalchemy import update

from agent.domain import Candidate, Origin, Outcome, StepKind, Verdict
from agent.evidence import Timed
from storage.collect import Rules
from storage.queue import CANCEL
from storage.retention import Retention
from storage.store import Store
from storage.submission import Submission
from storage.tables import jobs
from tools.errors import UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNT = itertools.count()


__all__ = ("store",)


def count_steps(store: Store, job_id: str) -> int:
    return len(store.jobs.journal(job_id).steps())


def fill(store: Store, job_id: str) -> str:
    journal = store.jobs.journal(job_id)
    samples = store.blobs.put(f"samples of {job_id}".encode())
    for kind in (StepKind.SNAPSHOT, StepKind.PROMPT, StepKind.REPLY, StepKind.CALL, StepKind.RESULT, StepKind.VERDICT):
        journal.append(kind, "s")
    timed = Timed(
        stage="confirm", decision="", detail="", speedup=None, clock="cpu", workload="", fresh=True, samples=samples
    )
    candidate = Candidate(number=1, patch="p", origin=Origin.REWRITE, summary="")
    store.jobs.archive(job_id).add(candidate, Verdict(outcome=Outcome.KEPT, reason="r"), [timed])
    return samples


def days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def test_old_jobs_go_whole_and_others_stay(store: Store) -> None:
    for job_id, ended in (("old", days_ago(31)), ("new", days_ago(29)), ("waiting", None)):
        make(store, job_id, ended=ended)
        fill(store, job_id)
    with store.database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == "waiting").values(created=days_ago(400)))
    age(store)
    rules = Rules(retention=Retention(jobs_days=30))
    assert run(store, rules=rules, dry_run=True).expired.removed_jobs == ["old"]
    assert store.jobs.get("old")
    found = run(store, rules=rules)
    assert (found.expired.jobs, found.expired.removed_jobs, found.removed) == (1, ["old"], 1)
    with pytest.raises(UserError, match="there is no job"):
        store.jobs.get("old")
    assert store.jobs.journal("old").steps() == []
    assert {job.id for job in store.jobs.list()} == {"new", "waiting"}
    assert count_steps(store, "new") == 6


def test_thin_jobs_keep_their_verdicts(store: Store) -> None:
    make(store, "old", ended=days_ago(8))
    samples = fill(store, "old")
    age(store)
    found = run(store, rules=Rules(retention=Retention(steps_days=7)))
    assert found.expired.thinned == 1
    assert [step.kind for step in store.jobs.journal("old").steps()] == [StepKind.SNAPSHOT, StepKind.VERDICT]
    [entry] = store.jobs.archive("old").entries()
    assert entry.verdict.outcome is Outcome.KEPT
    [timed] = entry.evidence
    assert isinstance(timed, Timed)
    assert timed.samples is None
    assert not kept(store, samples)
    assert run(store, rules=Rules(retention=Retention(steps_days=7))).expired.thinned == 0


def test_a_thin_job_is_not_begun_again(store: Store) -> None:
    make(store, "old", ended=None)
    store.queue.want("old", "acme", CANCEL)
    with store.database.writing() as connection:
        connection.execute(update(jobs).values(ended=days_ago(8)))
    run(store, rules=Rules(retention=Retention(steps_days=7)))
    with pytest.raises(UserError, match="submit it anew") as raised:
        store.queue.go_on("old", "acme", retry=True)
    assert raised.value.status == 409


def test_a_removal_that_was_cut_off_is_ended_by_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    make(store, "old", ended=days_ago(31))
    fill(store, "old")
    rules = Rules(retention=Retention(jobs_days=30))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("storage.retention._remove_steps", killed)
    with pytest.raises(KeyboardInterrupt):
        run(store, rules=rules)
    monkeypatch.undo()
    assert run(store).expired.jobs == 1  # whatever the rules say meanwhile: half a job is of no use
    assert store.jobs.list() == []


def test_many_steps_go_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.retention.AT_ONCE", 4)
    make(store, "old", ended=days_ago(31))
    for number in range(30):
        store.jobs.journal("old").append(StepKind.REPLY if number % 3 else StepKind.NOTE, "s")
    run(store, rules=Rules(retention=Retention(steps_days=7)))
    assert count_steps(store, "old") == 10
    run(store, rules=Rules(retention=Retention(jobs_days=30)))
    assert store.jobs.list() == []


def test_a_tenant_has_its_own_limits(store: Store) -> None:
    for tenant, limits in (("short", {"keep_jobs_days": 5}), ("long", {"keep_jobs_days": None}), ("usual", {})):
        store.tenants.ensure(tenant, tenant)
        set_limits(store, tenant, limits)
        make(store, tenant, ended=days_ago(10), tenant=tenant)
    run(store, rules=Rules(retention=Retention(jobs_days=8)))
    assert [job.id for job in store.jobs.list()] == ["long"]


def set_limits(store: Store, tenant: str, limits: dict[str, object]) -> None:
    from storage.tables import tenants  # noqa: PLC0415

    with store.database.writing() as connection:
        connection.execute(update(tenants).where(tenants.c.id == tenant).values(limits=limits))


def test_an_old_idempotency_key_is_free_again(store: Store) -> None:
    keyed = Submission(tenant="acme", key="k", digest="d")
    assert store.queue.submit(replace(make_plain("a1"), created=days_ago(2)), keyed) == "a1"
    assert store.queue.submit(make_plain("a2"), keyed) == "a1"
    assert run(store).expired.keys == 1
    assert store.queue.submit(make_plain("a3"), keyed) == "a3"
