"""The event stream over a real server: every step, once, in order, whoever is slow and whatever is cut."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from serving import LONG_S, Event, app_of, events_of, key_for, served, submitted
from sqlalchemy import insert, update

from agent.domain import Step, StepKind
from agent.protocols import JobStatus
from api.rest.server import Server
from api.rest.stream import response as responses
from storage.leases import Lease, owned
from storage.queue import CANCEL
from storage.rows import step_to_row
from storage.store import Store, open_store
from storage.tables import api_keys, jobs, steps
from storage.tenants import Scope

EVENTS = {"Accept": "text/event-stream"}
BEYOND_BUFFERS = "x" * 400_000
"""Fifty of these are more than both ends of a connection hold back."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def serving(store: Store, tmp_path: Path) -> Iterator[tuple[Server, httpx.Client]]:
    with served(app_of(store, tmp_path)) as opened:
        yield opened


@pytest.fixture
def client(serving: tuple[Server, httpx.Client]) -> httpx.Client:
    return serving[1]


def claimed(store: Store, job_id: str) -> Lease:
    submitted(store, job_id)
    lease = store.queue.claim(job_id, "w")
    assert lease is not None
    return lease


def note(store: Store, lease: Lease, count: int, text: str = "x") -> None:
    """Append steps, some at a time: one by one they would mostly wait for the disk."""
    for first in range(0, count, 25):
        with store.database.writing() as connection:
            some = min(25, count - first)
            counted = {jobs.c.last_step: jobs.c.last_step + some}
            last = owned(connection, lease.job_id, lease, counted, jobs.c.last_step).last_step
            new = [
                Step(number=number, kind=StepKind.NOTE, title=text, at=datetime.now(UTC))
                for number in range(last - some + 1, last + 1)
            ]
            connection.execute(insert(steps).values([{"job_id": lease.job_id, **step_to_row(one)} for one in new]))


def followed(client: httpx.Client, job_id: str, headers: dict[str, str]) -> list[Event]:
    with client.stream("GET", f"/v1/jobs/{job_id}/steps", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        return list(events_of(answer))


def numbers(events: list[Event]) -> list[int]:
    assert all(one.id == str(one.data["number"]) for one in events if one.event == "step")
    return [one.data["number"] for one in events if one.event == "step"]


def test_a_thousand_steps_come_in_order_to_each_follower(store: Store, client: httpx.Client) -> None:
    mine = key_for(store, "acme") | EVENTS
    lease = claimed(store, "a1")
    note(store, lease, 300)
    seen: dict[int, list[Event]] = {}
    all_follow = threading.Barrier(6)

    def follow(number: int) -> None:
        with client.stream("GET", "/v1/jobs/a1/steps", headers=mine) as answer:
            came = events_of(answer)
            first = next(came)
            all_follow.wait(LONG_S)
            seen[number] = [first, *came]

    followers = [threading.Thread(target=follow, args=(number,)) for number in range(5)]
    for one in followers:
        one.start()
    all_follow.wait(LONG_S)
    note(store, lease, 700)
    store.queue.end(lease, JobStatus.FINISHED, detail="2 kept")
    for one in followers:
        one.join(LONG_S)
    assert [numbers(seen[n]) for n in range(5)] == [list(range(1, 1001))] * 5
    for events in seen.values():
        assert events[-1].event == "end"
        assert events[-1].data == {"status": "finished", "detail": "2 kept", "last_step": 1000}
        assert [one.data["status"] for one in events if one.event == "status"] == ["running", "finished"]


def test_a_follower_comes_back_where_it_was(store: Store, client: httpx.Client) -> None:
    mine = key_for(store, "acme") | EVENTS
    lease = claimed(store, "a1")
    note(store, lease, 10)
    with client.stream("GET", "/v1/jobs/a1/steps", headers=mine) as answer:
        came = events_of(answer)
        first = [next(came) for _ in range(5)]
    last = first[-1].id
    assert last is not None
    note(store, lease, 5)
    store.queue.end(lease, JobStatus.FAILED, detail="no tests")
    rest = followed(client, "a1", mine | {"Last-Event-ID": last})
    assert numbers(first) + numbers(rest) == list(range(1, 16))
    assert [one.event for one in followed(client, "a1", mine | {"Last-Event-ID": "15"})] == ["status", "end"]


def thinned(store: Store, client: httpx.Client, count: int, left: list[int]) -> list[Event]:
    """All that a follower sees of an ended job of `count` steps of which only some are left."""
    mine = key_for(store, "acme") | EVENTS
    lease = claimed(store, "a1")
    note(store, lease, count)
    store.queue.end(lease, JobStatus.FAILED)
    with store.database.writing() as connection:
        connection.execute(steps.delete().where(steps.c.number.not_in(left)))
    return followed(client, "a1", mine)


@pytest.mark.parametrize("left", [[1, 4, 7, 8], [1, 122], [122], [3, 4], []])
def test_what_is_left_of_a_thinned_job_comes_once_and_ends(store: Store, client: httpx.Client, left: list[int]) -> None:
    events = thinned(store, client, 122, left)
    assert numbers(events) == left
    assert [one.event for one in events if one.event != "step"] == ["status", "end"]


def test_a_thinned_job_that_is_begun_again_is_followed(store: Store, client: httpx.Client) -> None:
    mine = key_for(store, "acme") | EVENTS
    thinned(store, client, 122, [1, 60])
    store.queue.go_on("a1", "acme", retry=True)
    lease = store.queue.claim("a1", "w")
    assert lease is not None
    with client.stream("GET", "/v1/jobs/a1/steps", headers=mine) as answer:
        came = events_of(answer)
        first = [next(came) for _ in range(3)]
        note(store, lease, 2)
        store.queue.end(lease, JobStatus.FINISHED)
        assert numbers([*first, *came]) == [1, 60, 123, 124]


@pytest.mark.parametrize("last", ["-1", "1.5", "abc", "11", "9" * 30, "٣"])
def test_a_wrong_last_event_id_is_refused_before_the_stream(store: Store, client: httpx.Client, last: str) -> None:
    mine = key_for(store, "acme") | EVENTS
    note(store, claimed(store, "a1"), 10)
    answer = client.get("/v1/jobs/a1/steps", headers={**mine, "Last-Event-ID": last.encode()})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Last-Event-ID" in answer.json()["detail"]


def test_who_may_follow(store: Store, client: httpx.Client) -> None:
    mine, other = key_for(store, "acme"), key_for(store, "other")
    claimed(store, "a1")
    assert client.get("/v1/jobs/a1/steps", headers=EVENTS).status_code == 401
    assert client.get("/v1/jobs/a1/steps", headers=other | EVENTS).status_code == 404
    assert client.get("/v1/jobs/a2/steps", headers=mine | EVENTS).status_code == 404
    writer = key_for(store, "acme", Scope.WRITE)
    assert client.get("/v1/jobs/a1/steps", headers=writer | EVENTS).status_code == 403


def test_the_status_is_told_when_it_changes(store: Store, client: httpx.Client) -> None:
    mine = key_for(store, "acme") | EVENTS
    submitted(store, "a1")
    with client.stream("GET", "/v1/jobs/a1/steps", headers=mine) as answer:
        came = events_of(answer)
        assert next(came).data["status"] == "queued"
        lease = store.queue.claim("a1", "w")
        assert lease is not None
        assert next(came).data["status"] == "running"
        note(store, lease, 1)
        assert next(came).data["title"] == "x"
        store.queue.end(lease, JobStatus.CANCELLED)
        assert [(one.event, one.data["status"]) for one in came] == [("status", "cancelled"), ("end", "cancelled")]


def test_a_cancelled_job_ends_its_stream(store: Store, client: httpx.Client) -> None:
    mine = key_for(store, "acme") | EVENTS
    submitted(store, "a1")
    with client.stream("GET", "/v1/jobs/a1/steps", headers=mine) as answer:
        came = events_of(answer)
        next(came)
        store.queue.want("a1", "acme", CANCEL)
        assert [one.event for one in came] == ["status", "end"]


def test_a_silent_stream_is_kept_alive(store: Store, client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "KEEPALIVE_S", 0.01)
    mine = key_for(store, "acme") | EVENTS
    claimed(store, "a1")
    with client.stream("GET", "/v1/jobs/a1/steps", headers=mine) as answer:
        assert ": ping" in answer.iter_lines()


def test_who_takes_nothing_holds_up_nobody(store: Store, client: httpx.Client) -> None:
    mine = key_for(store, "acme") | EVENTS
    lease = claimed(store, "a1")
    with client.stream("GET", "/v1/jobs/a1/steps", headers=mine) as slow:
        came = events_of(slow)
        assert next(came).event == "status"
        note(store, lease, 50, BEYOND_BUFFERS)
        store.queue.end(lease, JobStatus.FINISHED)
        assert numbers(followed(client, "a1", mine)) == list(range(1, 51))
        assert numbers(list(came)) == list(range(1, 51))


def test_who_takes_nothing_is_cut_off_and_may_come_back(
    store: Store, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = key_for(store, "acme") | EVENTS
    lease = claimed(store, "a1")
    note(store, lease, 50, BEYOND_BUFFERS)
    store.queue.end(lease, JobStatus.FINISHED)
    monkeypatch.setattr(responses, "STALLED_S", 0.1)
    cut = threading.Event()
    monkeypatch.setattr(responses._log, "info", lambda *_: cut.set())
    part: list[Event] = []
    with client.stream("GET", "/v1/jobs/a1/steps", headers=mine) as slow:
        came = events_of(slow)
        assert cut.wait(LONG_S)
        with pytest.raises(httpx.RemoteProtocolError):
            part.extend(came)
    monkeypatch.undo()
    got = numbers(part)
    assert got == list(range(1, len(got) + 1))
    again = followed(client, "a1", mine | {"Last-Event-ID": str(len(got))})
    assert got + numbers(again) == list(range(1, 51))


def test_a_revoked_key_follows_no_longer(store: Store, client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "RECHECK_S", 0.0)
    monkeypatch.setattr(responses, "KEEPALIVE_S", 0.01)
    mine = key_for(store, "acme") | EVENTS
    claimed(store, "a1")
    with client.stream("GET", "/v1/jobs/a1/steps", headers=mine) as answer:
        came = events_of(answer)
        next(came)
        with store.database.writing() as connection:
            connection.execute(update(api_keys).values(revoked=datetime.now(UTC)))
        assert list(came) == []


def test_streams_end_when_the_server_stops(store: Store, serving: tuple[Server, httpx.Client]) -> None:
    server, client = serving
    mine = key_for(store, "acme") | EVENTS
    claimed(store, "a1")
    with client.stream("GET", "/v1/jobs/a1/steps", headers=mine) as answer:
        came = events_of(answer)
        next(came)
        server.should_exit = True
        assert list(came) == []  # to its end, not broken off
