"""Everything of a job in one archive: written the same each time, and read elsewhere."""

import contextlib
import io
import json
import sqlite3
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bundles import SECRET, blobs, export, fill, resealed, rows, unpack
from ready_home import ready
from sqlalchemy import insert, select, update

from agent.domain import (
    Job,
    StepKind,
)
from agent.protocols import JobStatus
from storage.bundle.writing import content_of
from storage.limits import Limits, QuotaError
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import jobs, steps
from tools.errors import UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    database = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with open_store(ready(tmp_path / "one"), database) as opened:
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with open_store(ready(tmp_path / "other")) as opened:
        yield opened


def test_a_job_is_the_same_elsewhere(store: Store, other: Store) -> None:
    job = fill(store)
    data = export(store)
    found = other.take_in(io.BytesIO(data), tenant="theirs")
    assert (found.job_id, found.new) == ("a1", True)
    assert other.jobs.get("a1") == job
    for read in (
        lambda home: home.jobs.report("a1"),
        lambda home: home.jobs.state("a1"),
        lambda home: list(home.jobs.journal("a1").steps()),
        lambda home: list(home.jobs.archive("a1").entries()),
        lambda home: list(home.jobs.archive("a1").rounds()),
        lambda home: [replace(one, number=0) for one in home.reviews.of("a1")],
    ):
        assert read(other) == read(store)
    assert blobs(other) == blobs(store)
    assert export(other) == data
    with other.database.reading() as connection:
        row = connection.execute(select(jobs)).one()
    assert (row.tenant, row.sealed, row.lease_owner, row.wanted) == ("theirs", None, None, "")


def test_the_same_job_gives_the_same_bytes(store: Store) -> None:
    fill(store)
    assert export(store) == export(store)


def test_no_secret_leaves(store: Store) -> None:
    fill(store, tenant="the-tenant-s-name")
    members = unpack(export(store))
    assert not any(SECRET in data or b"the-tenant-s-name" in data for data in members.values())


def test_any_program_reads_it(store: Store) -> None:
    """A tar of JSON in ASCII, without Python's own words in it."""
    fill(store)
    for name, data in unpack(export(store)).items():
        if not name.startswith("blobs/"):
            for line in data.splitlines():
                json.loads(line.decode("ascii"), parse_constant=pytest.fail)


def test_only_a_job_that_has_ended_is_written(store: Store) -> None:
    job = Job(id="a1", source="/s", created=NOON)
    store.queue.submit(job, Submission(tenant="acme"))
    with pytest.raises(UserError, match="still waits") as raised:
        store.export("a1", store.home / "x")
    assert raised.value.status == 409
    assert not (store.home / "x").exists()
    with pytest.raises(UserError) as raised:
        store.export("b1", store.home / "x")
    assert raised.value.status == 404


def test_a_killed_command_line_is_written_as_interrupted(store: Store, other: Store) -> None:
    store.jobs.create(Job(id="a1", source="/s", created=NOON))
    store.jobs.journal("a1").append(StepKind.NOTE, "n")
    store.jobs.release()
    other.take_in(io.BytesIO(export(store)))
    assert other.jobs.state("a1").status is JobStatus.INTERRUPTED
    assert other.jobs.journal("a1").append(StepKind.NOTE, "more").number == 2


def test_what_an_archive_asks_for_is_not_run(store: Store, other: Store) -> None:
    store.jobs.create(Job(id="a1", source="/s", created=NOON, sandbox="none", workload="/etc/passwd"))
    store.jobs.release()
    archive = export(store)
    other.take_in(io.BytesIO(archive))
    for _ in range(2):  # nor is it held by who tried
        with pytest.raises(UserError, match=r"job a1 was imported, .* begin it anew") as resumed:
            other.jobs.resume("a1")
    other.take_in(io.BytesIO(archive), tenant="acme", name="b1")
    with pytest.raises(UserError, match=r"job b1 was imported, .* submit it anew") as retried:
        other.queue.go_on("b1", "acme", retry=True)
    assert (resumed.value.status, retried.value.status) == (409, 409)
    assert (other.jobs.state("b1").status, other.queue.claim("b1", "w")) == (JobStatus.FAILED, None)


def test_what_is_there_is_left_as_it_is(store: Store, other: Store) -> None:
    fill(store)
    data = export(store)
    assert other.take_in(io.BytesIO(data)).new
    assert not other.take_in(io.BytesIO(data)).new
    with other.database.writing() as connection:
        connection.execute(update(jobs).values(detail="mine"))
    with pytest.raises(UserError, match="another job has the id a1") as raised:
        other.take_in(io.BytesIO(data))
    assert raised.value.status == 409
    assert other.jobs.state("a1").detail == "mine"
    assert other.take_in(io.BytesIO(data), name="copy").job_id == "copy"
    assert other.jobs.get("copy").id == "copy"
    assert content_of(other.database, other.blobs, "copy") == content_of(store.database, store.blobs, "a1")
    with pytest.raises(UserError, match="is no job's id"):
        other.take_in(io.BytesIO(data), name="../x")


def test_another_tenants_job_is_neither_shown_nor_compared(store: Store, other: Store) -> None:
    fill(store)
    data = export(store)
    other.take_in(io.BytesIO(data), tenant="theirs")
    with pytest.raises(UserError, match="another job has the id"):
        other.take_in(io.BytesIO(data), tenant="mine")


def test_an_archive_names_no_blob_of_others(store: Store, other: Store) -> None:
    """Who knows a digest must not get at what it is of."""
    foreign = other.blobs.put(b"a report of somebody else")
    fill(store)
    members = unpack(export(store))
    job = json.loads(members["job.json"])
    job["report"] = job["patch"] = foreign
    members["job.json"] = json.dumps(job).encode()
    for name in ("steps/000001.jsonl", "evidence/000001.jsonl"):
        for digest in sorted(blobs(store)):
            members[name] = members[name].replace(digest.encode(), foreign.encode())
    other.take_in(resealed(members))
    assert other.jobs.report("a1") is None
    with other.database.reading() as connection:
        assert foreign not in str(connection.execute(select(jobs)).all())
    assert foreign not in str(other.jobs.journal("a1").steps())
    assert foreign not in str(other.jobs.archive("a1").entries())


def test_what_a_model_said_takes_no_blob_along(store: Store) -> None:
    secret = store.blobs.put(b"of another job")
    fill(store)
    store.jobs.journal("a1").append(StepKind.REPLY, "r", {"text": secret, "folded": secret, "samples": secret})
    assert f"blobs/{secret}" not in unpack(export(store))


def test_an_import_that_fails_at_its_end_leaves_nothing(
    other: Store, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(other)
    archive = export(other)
    from storage.bundle import importing  # noqa: PLC0415

    original, inserted = importing._insert, []

    def failing(connection: object, table: str, *rest: object) -> None:
        inserted.append(table)
        original(connection, table, *rest)  # type: ignore[arg-type]
        if table == "reviews":
            raise OSError(28, "no space left on device")

    monkeypatch.setattr(importing, "_insert", failing)
    with pytest.raises(OSError, match="no space"):
        store.take_in(io.BytesIO(archive))
    assert len(inserted) == 6
    assert rows(store) == 0
    monkeypatch.undo()
    assert store.take_in(io.BytesIO(archive)).new


class Watched(io.BytesIO):
    """An archive that looks, whenever it is read from, whether others may write to a home's database."""

    def __init__(self, data: bytes, home: Path) -> None:
        super().__init__(data)
        self._database = home / "hasten.db"
        self.looks = 0

    def read(self, size: int | None = -1, /) -> bytes:
        with contextlib.closing(sqlite3.connect(self._database, timeout=0)) as another:
            another.execute("BEGIN IMMEDIATE")  # fails at once where somebody holds the database
        self.looks += 1
        return super().read(size)


def test_others_may_write_while_an_archive_is_unpacked(other: Store, store: Store) -> None:
    """A service on SQLite gives out leases of a minute meanwhile."""
    fill(store)
    archive = Watched(export(store), other.home)
    assert other.take_in(archive).new
    assert archive.looks > 2


def test_no_more_jobs_are_taken_in_than_a_tenant_may_submit(other: Store, store: Store) -> None:
    fill(other)
    archive = io.BytesIO(export(other))
    limits = Limits(jobs_per_day=2)
    store.tenants.add("acme", "Acme", limits)
    assert store.take_in(archive, tenant="acme", name="one", limits=limits).new
    assert not store.take_in(archive, tenant="acme", name="one", limits=limits).new, "what is there already is free"
    store.queue.submit(Job(id="b1", source="/s", created=datetime.now(UTC)), Submission(tenant="acme", limits=limits))
    before = blobs(store)
    with pytest.raises(QuotaError, match="submit or import 2 jobs within 24 hours") as raised:
        store.take_in(archive, tenant="acme", name="two", limits=limits)
    assert (raised.value.status, raised.value.retry_after_s > 0) == (429, True)
    with pytest.raises(QuotaError):
        store.queue.submit(Job(id="b2", source="/s", created=NOON), Submission(tenant="acme", limits=limits))
    assert blobs(store) == before
    with store.database.writing() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=1, minutes=1)
        connection.execute(update(jobs).where(jobs.c.id == "one").values(imported=long_ago))
    assert store.take_in(archive, tenant="acme", name="two", limits=limits).new


def test_a_job_that_is_taken_in_on_the_day_it_was_made_counts_once(store: Store, other: Store) -> None:
    fill(other)
    with other.database.writing() as connection:
        connection.execute(update(jobs).values(created=datetime.now(UTC)))
    limits = Limits(jobs_per_day=2)
    store.tenants.add("acme", "Acme", limits)
    for name in ("one", "two"):
        assert store.take_in(io.BytesIO(export(other)), tenant="acme", name=name, limits=limits).new


def test_imports_at_once_are_no_more_than_a_day_has(other: Store, store: Store) -> None:
    fill(other)
    data, limits = export(other), Limits(jobs_per_day=2)
    store.tenants.add("acme", "Acme", limits)

    def one(number: int) -> bool:
        try:
            return store.take_in(io.BytesIO(data), tenant="acme", name=f"j{number}", limits=limits).new
        except QuotaError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(6))) == 2


def test_many_steps_are_written_and_read_in_little_memory(
    tmp_path: Path, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100,000 steps are measured in docs/storage.md; a few show that memory does not grow with them."""
    monkeypatch.setattr("storage.bundle.writing.PART_BYTES", 100_000)
    with open_store(ready(tmp_path / "large")) as store:
        fill(store)
        peaks = []
        for count in (500, 2_000):
            with store.database.writing() as connection:
                last = connection.scalar(select(steps.c.number).order_by(steps.c.number.desc()).limit(1)) or 0
                row = {"job_id": "a1", "kind": "note", "title": "t", "data": {"text": "x" * 1500}, "round": 0}
                rows_ = [{**row, "number": last + n + 1, "attempt": 0, "at": NOON} for n in range(count)]
                connection.execute(insert(steps), rows_)
                connection.execute(update(jobs).values(last_step=last + count))
                del rows_
            tracemalloc.start()
            data = export(store)
            peaks.append(tracemalloc.get_traced_memory()[1] - len(data))
            tracemalloc.stop()
        assert peaks[1] < 1.5 * peaks[0] + 2**19
    assert other.take_in(io.BytesIO(data)).rows > 2_500
    assert len(other.jobs.journal("a1").steps(StepKind.NOTE)) == 2_500
