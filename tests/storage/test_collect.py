"""The collector: what nothing refers to goes, and nothing else, whatever is written at the same time."""

import itertools
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from collecting import age, kept, make, make_plain, run, store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ready_home import ready
from sqlalchemy import JSON, update

from agent.domain import Candidate, Job, Origin, Outcome, StepKind, Verdict
from agent.evidence import Timed
from agent.protocols import JobStatus
from storage import collect
from storage.collect import GRACE_S, Collected, Rules, collect_places
from storage.columns import String
from storage.references import columns_of, referenced
from storage.retention import CONVERSATION
from storage.store import Store, open_store
from storage.stored import SHARDS
from storage.submission import Submission
from storage.sweeps import Sweeps
from storage.tables import jobs, metadata

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNT = itertools.count()


__all__ = ("store",)


def test_what_nothing_refers_to_goes_when_it_is_old(store: Store) -> None:
    old = store.blobs.put(b"old" * 100)
    age(store)
    young = store.blobs.put(b"young")
    found = run(store)
    assert (found.removed, found.removed_bytes, found.young) == (1, 300, 1)
    assert not kept(store, old)
    assert kept(store, young)
    assert run(store).removed == 0


def test_everything_that_refers_to_a_blob_keeps_it(store: Store) -> None:
    put = {name: store.blobs.put(name.encode()) for name in ("folded", "text", "deep", "samples", "patch", "known")}
    job = Job(id="a1", source="/src", created=NOON)
    store.queue.submit(job, Submission(tenant="acme", patch=put["patch"]))
    lease = store.queue.claim("a1", "w")
    assert lease
    journal, archive = store.jobs.journal("a1", lease), store.jobs.archive("a1", lease)
    journal.append(StepKind.PROFILE, "profile", {"folded": put["folded"]})
    journal.append(StepKind.NOTE, "kinds to come", {"list": [{"at any depth": put["deep"]}]})
    journal.append(StepKind.CALL, "JSON in a text", {"arguments": json.dumps({"text": put["text"]})})
    timed = Timed(
        stage="confirm",
        decision="faster",
        detail="",
        speedup=None,
        clock="cpu",
        workload="w",
        fresh=True,
        samples=put["samples"],
    )
    candidate = Candidate(number=1, patch="", origin=Origin.REWRITE, summary="")
    archive.add(candidate, Verdict(outcome=Outcome.NOT_FASTER, reason=""), [timed])
    store.queue.end(lease, JobStatus.FINISHED, report={"a": "report"})
    (store.home / "known").mkdir()
    known = store.own_blobs.put(b"what an earlier job found")
    (store.home / "known" / "k").write_text(known)
    unused = store.blobs.put(b"unused")
    age(store)
    assert run(store).removed == 2  # `known` is not in the database, and in no entry of the home
    assert not kept(store, unused)
    put.pop("known")
    assert [name for name, digest in put.items() if not kept(store, digest)] == []
    assert store.jobs.report("a1") == {"a": "report"}
    assert store.own_blobs.get(known) == b"what an earlier job found"


def test_every_column_that_could_hold_a_digest_is_read() -> None:
    for table in metadata.sorted_tables:
        plain, nested = columns_of(table)
        for column in table.c:
            could = isinstance(column.type, JSON) or (
                isinstance(column.type, String) and (column.type.length or 64) > 63
            )
            assert (column in [*plain, *nested]) is could, f"{table.name}.{column.name}"


def test_references_are_read_page_by_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.references.PAGE", 3)
    digests = {store.blobs.put(bytes([n])) for n in range(20)}
    for job_id in ("a1", "a2"):
        make(store, job_id)
    for position, digest in enumerate(sorted(digests)):
        store.jobs.journal("a1" if position % 2 else "a2").append(StepKind.NOTE, "n", {"d": digest})
    assert set(referenced(store.database)) >= digests


def test_a_dry_run_counts_and_removes_nothing(store: Store) -> None:
    digest = store.blobs.put(b"old")
    age(store)
    found = run(store, dry_run=True)
    assert (found.removed, found.removed_bytes) == (1, 3)
    assert kept(store, digest)
    assert run(store).removed == 1


def test_what_a_running_round_put_stays_until_it_has_written_of_it(store: Store) -> None:
    """A round may take longer than any grace: what it put since its job began is not judged by its age."""
    make(store, ended=None)
    lease = store.queue.claim("a1", "w")
    assert lease
    with store.database.writing() as connection:
        connection.execute(update(jobs).values(created=datetime.now(UTC) - timedelta(days=5)))
    digest = store.blobs.put(b"measured for days")
    age(store, days=3)
    run(store)
    assert kept(store, digest)
    store.queue.end(lease, JobStatus.FAILED)
    run(store)
    assert not kept(store, digest)


def test_a_killed_command_line_does_not_keep_blobs_for_ever(store: Store) -> None:
    store.jobs.create(Job(id="b1", source="/src", created=NOON - timedelta(days=400)))
    digest = store.blobs.put(b"of nobody")
    age(store, days=30)
    run(store)
    assert kept(store, digest)  # its process lives, and holds the claim
    store.jobs.release()
    run(store)
    assert not kept(store, digest)


def test_one_collects_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    others = []

    def while_another(*_: object, **__: object) -> Iterator[str]:
        others.append(collect_places(store.database, store.home, store.places, Rules()))
        return iter(())

    monkeypatch.setattr(collect, "referenced", while_another)
    run(store)
    assert others == [None]
    monkeypatch.undo()
    run(store)


def test_a_sweep_that_was_cut_off_goes_on_where_it_stopped(store: Store) -> None:
    digests = [store.blobs.put(bytes([n])) for n in range(60)]
    age(store)
    ticks = itertools.count()
    runs: list[Collected] = []
    while not all(Sweeps(store.database, place.name).ended for place in store.places):
        limited = collect_places(
            store.database, store.home, store.places, Rules(), limit_s=300.0, clock=lambda: float(next(ticks))
        )
        assert limited
        runs.append(limited)
        assert len(runs) < 9
    assert not runs[0].whole
    assert sum(one.removed for one in runs) == 60
    assert sum(one.blobs for one in runs) == 60
    assert not any(kept(store, digest) for digest in digests)


def test_a_killed_collector_leaves_nothing_that_the_next_one_minds(store: Store) -> None:
    (store.home / "collecting").mkdir()
    (store.home / "collecting" / "00").write_bytes(b"half a digest")
    digest = store.blobs.put(b"x")
    age(store)
    assert run(store).removed == 1
    assert not kept(store, digest)
    assert not (store.home / "collecting").exists()


STEPS = ("put", "refer", "age", "collect", "end", "begin", "retry put")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3)), max_size=25))
def test_no_order_of_things_loses_what_is_referred_to(order: list[tuple[str, int]], tmp_path: Path) -> None:
    """Rounds put and refer, jobs end and begin, days pass, and a collector comes in between, in any order."""
    shutil.rmtree(tmp_path / "blobs", ignore_errors=True)
    with open_store(ready(tmp_path)) as store:
        at_hand: dict[int, str] = {}  # put by the round under way, not yet referred to
        referred: set[str] = set()
        running: str | None = None
        for what, number in order:
            data = f"blob {number}".encode()
            if what == "begin" and running is None:
                running = f"j{next(COUNT)}"
                store.queue.submit(replace(make_plain(running), created=datetime.now(UTC)), Submission(tenant="t"))
                lease = store.queue.claim(running, "w")
                assert lease
            elif what in ("put", "retry put") and running:
                at_hand[number] = store.blobs.put(data)
            elif what == "refer" and running and number in at_hand:
                store.jobs.journal(running, lease).append(StepKind.NOTE, "n", {"blob": at_hand[number]})
                referred.add(at_hand.pop(number))
            elif what == "age":
                age(store, days=2)
                if running:
                    with store.database.writing() as connection:
                        long_ago = datetime.now(UTC) - timedelta(days=9)
                        connection.execute(update(jobs).where(jobs.c.id == running).values(created=long_ago))
            elif what == "end" and running:
                store.queue.end(lease, JobStatus.FINISHED)
                running, at_hand = None, {}
            elif what == "collect":
                run(store)
            assert all(kept(store, digest) for digest in (*referred, *at_hand.values()))


def put_between(moment: str, do: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have something done in the middle of a collector's work."""
    target, name = {
        "before references are read": (collect, "referenced"),
        "after references were read": (collect, "_sweep"),
        "while blobs are listed": (collect, "_batches"),
    }[moment]
    original = getattr(target, name)

    def doing(*arguments: object, **more: object) -> object:
        if moment == "while blobs are listed":
            found = list(original(*arguments, **more))
            do()
            return found
        do()
        return original(*arguments, **more)

    monkeypatch.setattr(target, name, doing)


@pytest.mark.parametrize(
    "moment", ["before references are read", "after references were read", "while blobs are listed"]
)
def test_a_round_that_stores_an_old_blob_again_in_the_middle_keeps_it(
    store: Store, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A blob that nothing refers to any more is old enough to go, and a new round stores the same text just then."""
    digest = store.blobs.put(b"the same patch")
    age(store)
    make(store, "a2", ended=None)
    lease = store.queue.claim("a2", "w")
    assert lease
    with store.database.writing() as connection:  # it began a moment ago
        connection.execute(update(jobs).values(created=datetime.now(UTC)))
    once: list[bool] = []

    def round_() -> None:
        if not once:
            once.append(True)
            store.blobs.put(b"the same patch")

    put_between(moment, round_, monkeypatch)
    run(store)
    monkeypatch.undo()
    assert kept(store, digest)
    store.jobs.journal("a2", lease).append(StepKind.CANDIDATE, "c", {"patch": digest})
    age(store)
    run(store)
    assert kept(store, digest)


def test_what_nobody_asked_for_of_a_commit_is_forgotten(store: Store) -> None:
    (store.home / "known").mkdir()
    for name, days in (("asked", 1), ("forgotten", 100)):
        entry = store.home / "known" / name
        entry.write_text(store.own_blobs.put(name.encode()))
        old_s = time.time() - days * 86400
        os.utime(entry, (old_s, old_s))
    age(store)
    found = run(store, rules=Rules(known_days=90))
    assert (found.known, found.removed) == (1, 1)
    assert [path.name for path in (store.home / "known").iterdir()] == ["asked"]


def test_the_grace_is_longer_than_a_blob_counts_as_new() -> None:
    from storage.remote_blobs import RENEWED_S  # noqa: PLC0415

    assert GRACE_S > 4 * RENEWED_S
    assert len(SHARDS) == 256
    assert set(CONVERSATION) < {kind.value for kind in StepKind}
