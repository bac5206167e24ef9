"""Webhooks: told of what happens, once it is true; signed; tried again; and never led astray."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from receiving import Receiver, receiving
from sqlalchemy import Engine, event, select, update

from agent.domain import Candidate, Job, Origin, Outcome, Verdict
from agent.protocols import JobStatus
from storage import sending
from storage.leases import LeaseLost
from storage.outbox import TEST, Event
from storage.queue import CANCEL, MOST_DEATHS
from storage.sending import PAUSES_S
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import deliveries, jobs, webhooks
from storage.tallies import Tally
from tools.errors import UserError
from workers import deliveries as deliveries_of_workers
from workers.deliveries import deliver_due
from workers.settings import Settings

DOCS = (Path(__file__).parents[2] / "docs/webhooks.md").read_text()


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[Store]:
    with open_store(tmp_path, database_url) as opened:
        opened.tenants.ensure("acme", "acme")
        opened.tenants.ensure("other", "other")
        yield opened


@pytest.fixture
def local(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, allow_local_webhooks=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


def submit(store: Store, job_id: str, tenant: str = "acme") -> None:
    job = Job(id=job_id, source="https://example.org/x", created=datetime.now(UTC))
    store.queue.submit(job, Submission(tenant=tenant))


def verified(secret: str, headers: dict[str, str], body: bytes, **more: Any) -> bool:
    """By the lines that the documentation gives to receivers."""
    (block,) = re.findall(r"^```python\n(.*?)^```", DOCS, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(block, names)
    answer: bool = names["verify"](secret, headers, body, **more)
    return answer


def all_due(store: Store) -> None:
    with store.database.writing() as connection:
        late = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(deliveries).where(deliveries.c.due.is_not(None)).values(due=late))


def told(store: Store) -> list[tuple[str, str]]:
    """Which event was written of which job, in order."""
    with store.database.reading() as connection:
        rows = connection.execute(select(deliveries).order_by(deliveries.c.created)).all()
    return [(row.event, json.loads(row.body)["data"]["job"]) for row in rows]


def test_a_job_is_told_from_its_submission_to_its_end(store: Store, local: Settings, receiver: Receiver) -> None:
    hook, secret = store.webhooks.make("acme", receiver.url, list(Event))
    submit(store, "a1")
    submit(store, "o1", "other")
    lease = store.queue.claim("a1", "w")
    assert lease is not None
    archive = store.jobs.archive("a1", lease)
    for number, outcome in enumerate((Outcome.NOT_FASTER, Outcome.KEPT), 1):
        candidate = Candidate(number=number, patch=f"p{number}", parents=(0,), origin=Origin.REWRITE, summary="s")
        archive.add(candidate, Verdict(outcome=outcome, reason="r"), ())
    store.queue.end(lease, JobStatus.FINISHED)
    while deliver_due(store, local):
        pass
    said = sorted((json.loads(one.body) for one in receiver.received), key=lambda body: body["timestamp"])
    assert [body["type"] for body in said] == ["job.queued", "job.started", "candidate.kept", "job.finished"]
    assert [body["data"]["status"] for body in said] == ["queued", "running", "running", "finished"]
    assert said[2]["data"] == {"job": "a1", "kind": "optimize", "status": "running", "candidate": 2}
    for one in receiver.received:
        assert one.path == "/hook"
        assert verified(secret, one.headers, one.body)
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 4
    found, _ = store.webhooks.deliveries("acme", hook.id, 10)
    assert {(one.attempts, one.due, one.detail) for one in found} == {(1, None, "answered 204")}
    assert store.tallies.all()[Tally.DELIVERIES] == {"delivered": 4.0}


def test_a_message_that_was_changed_or_is_old_is_refused(store: Store, local: Settings, receiver: Receiver) -> None:
    _, secret = store.webhooks.make("acme", receiver.url, list(Event))
    submit(store, "a1")
    deliver_due(store, local)
    (one,) = receiver.received
    assert verified(secret, one.headers, one.body)
    assert not verified(secret, one.headers, one.body + b" ")
    assert not verified("whsec_" + "A" * 43 + "=", one.headers, one.body)
    assert not verified(secret, {**one.headers, "webhook-id": "msg_other"}, one.body)
    assert not verified(secret, one.headers, one.body, tolerance_s=-1.0)


def test_every_end_is_told_once(store: Store) -> None:
    store.webhooks.make("acme", "https://example.org/", [Event.FAILED, Event.CANCELLED])
    for job_id in ("waiting", "held", "dying", "failing"):
        submit(store, job_id)
    store.queue.want("waiting", "acme", CANCEL)
    held = store.queue.claim("held", "w")
    assert held is not None
    store.queue.want("held", "acme", CANCEL)
    store.queue.end(held, JobStatus.CANCELLED)
    failing = store.queue.claim("failing", "w")
    assert failing is not None
    store.queue.end(failing, JobStatus.FAILED)
    for _ in range(MOST_DEATHS):
        assert store.queue.claim("dying", "w") is not None
        with store.database.writing() as connection:
            connection.execute(update(jobs).values(lease_until=datetime.now(UTC) - timedelta(seconds=1)))
        store.queue.sweep()
    expected = [
        ("job.cancelled", "held"),
        ("job.cancelled", "waiting"),
        ("job.failed", "dying"),
        ("job.failed", "failing"),
    ]
    assert sorted(told(store)) == expected


def test_what_did_not_happen_is_not_told(store: Store) -> None:
    store.webhooks.make("acme", "https://example.org/", [Event.KEPT, Event.FINISHED])
    submit(store, "a1")
    old = store.queue.claim("a1", "w")
    assert old is not None
    with store.database.writing() as connection:
        connection.execute(update(jobs).values(lease_until=datetime.now(UTC) - timedelta(seconds=1)))
    store.queue.sweep()
    candidate = Candidate(number=1, patch="p", parents=(0,), origin=Origin.REWRITE, summary="s")
    with pytest.raises(LeaseLost):
        store.jobs.archive("a1", old).add(candidate, Verdict(outcome=Outcome.KEPT, reason="r"), ())
    with pytest.raises(LeaseLost):
        store.queue.end(old, JobStatus.FINISHED)
    assert told(store) == []


def test_what_fails_is_tried_again_with_growing_pauses_and_then_given_up(
    store: Store, local: Settings, receiver: Receiver
) -> None:
    receiver.status = 500
    hook, _ = store.webhooks.make("acme", receiver.url, [Event.QUEUED])
    submit(store, "a1")
    pauses = []
    for attempt in range(1, len(PAUSES_S) + 2):
        assert deliver_due(store, local) == 1
        assert deliver_due(store, local) == 0  # not before its time
        ((delivery,), _) = store.webhooks.deliveries("acme", hook.id, 10)
        assert (delivery.attempts, delivery.delivered, delivery.detail) == (attempt, None, "answered 500")
        pauses.append(None if delivery.due is None else (delivery.due - datetime.now(UTC)).total_seconds())
        all_due(store)
    assert pauses.pop() is None
    assert all(least * 0.5 < pause <= least * 1.1 for least, pause in zip(PAUSES_S, pauses, strict=True))
    assert deliver_due(store, local) == 0
    assert store.tallies.all()[Tally.DELIVERIES] == {"failed": len(PAUSES_S), "gave_up": 1}
    receiver.status = 200
    store.webhooks.redeliver("acme", hook.id, delivery.id)
    assert deliver_due(store, local) == 1
    ids = {one.headers["webhook-id"] for one in receiver.received}
    assert ids == {delivery.id}
    ((delivery,), _) = store.webhooks.deliveries("acme", hook.id, 10)
    assert (delivery.attempts, delivery.detail, delivery.due) == (1, "answered 200", None)


@pytest.mark.parametrize("how", ["hang", "drip"])
def test_a_receiver_that_holds_on_is_let_go_and_holds_up_nobody(
    store: Store, local: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(deliveries_of_workers, "WHOLE_S", 1.0)
    setattr(receiver, how, True)
    slow, _ = store.webhooks.make("acme", receiver.url, [Event.QUEUED])
    with receiving() as quick:
        store.webhooks.make("other", quick.url, [Event.QUEUED])
        for number in range(sending.MOST_OF_ONE + 2):
            submit(store, f"a{number}")
        submit(store, "o1", "other")
        assert deliver_due(store, local) == sending.MOST_OF_ONE + 1
        assert len(quick.received) == 1
    found, _ = store.webhooks.deliveries("acme", slow.id, 10)
    tried = [one for one in found if one.attempts]
    assert len(tried) == sending.MOST_OF_ONE
    assert all(re.search("did not answer|could not be reached", one.detail) for one in tried)
    assert all(one.delivered is None for one in tried)
    assert all(one.due is not None for one in found)


def test_a_redirect_is_not_followed(store: Store, local: Settings, receiver: Receiver) -> None:
    with receiving() as inner:
        receiver.status, receiver.location = 307, inner.url
        hook, _ = store.webhooks.make("acme", receiver.url, [Event.QUEUED])
        submit(store, "a1")
        deliver_due(store, local)
        assert inner.received == []
    ((delivery,), _) = store.webhooks.deliveries("acme", hook.id, 10)
    assert delivery.detail == "answered 307"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://10.0.0.1/",
        "http://example.org/",
        "https://example.org:8443/",
    ],
)
def test_what_is_not_public_is_not_reached(store: Store, tmp_path: Path, url: str) -> None:
    hook, _ = store.webhooks.make("acme", url, [Event.QUEUED])  # as if its name led elsewhere when it was made
    submit(store, "a1")
    assert deliver_due(store, Settings(home=tmp_path)) == 1
    ((delivery,), _) = store.webhooks.deliveries("acme", hook.id, 10)
    assert delivery.delivered is None
    assert re.search("private address|must begin with https|not allowed", delivery.detail)


def test_a_receiver_that_is_gone_is_told_nothing_more(store: Store, local: Settings, receiver: Receiver) -> None:
    receiver.status = 410
    hook, _ = store.webhooks.make("acme", receiver.url, [Event.QUEUED])
    submit(store, "a1")
    deliver_due(store, local)
    submit(store, "a2")
    assert deliver_due(store, local) == 0
    assert not store.webhooks.get("acme", hook.id).active
    receiver.status = 200
    store.webhooks.test("acme", hook.id)
    assert deliver_due(store, local) == 1
    assert json.loads(receiver.received[-1].body)["type"] == "webhook.test"


def test_what_was_still_to_be_sent_to_one_that_is_gone_is_given_up(store: Store) -> None:
    hook, _ = store.webhooks.make("acme", "https://example.org/", [Event.QUEUED])
    for number in range(4):
        submit(store, f"a{number}")
    first, second, third = store.sending.take(3)
    store.sending.failed(first, "answered 410", sending.GONE)
    store.sending.failed(second, "answered 500", 500)
    store.sending.delivered(third, "answered 204")
    found, _ = store.webhooks.deliveries("acme", hook.id, 10)
    assert [one.due for one in found] == [None] * 4
    said = ["answered 204", "answered 410", "answered 500", sending.OFF]
    assert sorted(one.detail for one in found) == sorted(said)
    store.webhooks.redeliver("acme", hook.id, second.id)
    assert not writes_for_nothing(store)
    store.webhooks.test("acme", hook.id)
    assert {one.id for one in store.sending.take(10)} - {second.id} == {
        one.id for one in store.webhooks.deliveries("acme", hook.id, 10)[0] if one.event == TEST
    }


def writes_for_nothing(store: Store) -> bool:
    """Whether a sender that finds nothing to send writes all the same, and so keeps others from it."""
    heard: list[str] = []

    def hear(*told: Any) -> None:
        heard.append(told[2])

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        assert list(store.sending.take(10)) == []
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert heard
    return any(statement.startswith("UPDATE") for statement in heard)


def test_two_senders_take_each_message_once_and_one_that_died_is_replaced(store: Store) -> None:
    store.webhooks.make("acme", "https://example.org/", [Event.QUEUED])
    for number in range(3):
        submit(store, f"a{number}")
    first = store.sending.take(2)
    second = store.sending.take(10)
    assert (len(first), len(second)) == (2, 1)
    assert list(store.sending.take(10)) == []
    all_due(store)  # the time for which they were taken is over
    again = store.sending.take(10)
    assert {one.attempt for one in again} == {2}
    store.sending.delivered(first[0], "late")  # by one that was overtaken: what it says no longer counts
    found = {one.id: one for one in store.webhooks.deliveries("acme", first[0].webhook, 10)[0]}
    assert found[first[0].id].delivered is None


def test_secrets_are_not_kept_in_clear(store: Store) -> None:
    _, secret = store.webhooks.make("acme", "https://example.org/", list(Event))
    submit(store, "a1")
    assert secret.startswith("whsec_")
    (outgoing,) = store.sending.take(1)
    assert store.sending.secret(outgoing) == secret
    with store.database.reading() as connection:
        kept = [str(row) for table in (webhooks, deliveries) for row in connection.execute(select(table))]
    assert not [row for row in kept if secret.removeprefix("whsec_") in row]
    with pytest.raises(UserError) as raised:
        store.webhooks.get("other", outgoing.webhook)
    assert raised.value.status == 404
