"""A store to collect in, and what goes by there."""

import itertools
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ready_home import ready
from sqlalchemy import update

from agent.domain import Job
from agent.protocols import JobStatus
from storage.collect import Collected, Rules, collect_places
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import jobs

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNT = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql, blobs elsewhere"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    database = request.getfixturevalue("postgres_url") if request.param.startswith("postgresql") else None
    blobs = f"memory://collecting-{next(COUNT)}" if request.param.endswith("elsewhere") else None
    with open_store(ready(tmp_path), database, blobs) as opened:
        yield opened


def run(store: Store, *, dry_run: bool = False, limit_s: float = float("inf"), rules: Rules | None = None) -> Collected:
    found = collect_places(store.database, store.home, store.places, rules or Rules(), dry_run=dry_run, limit_s=limit_s)
    assert found is not None
    return found


def make(store: Store, job_id: str = "a1", *, ended: datetime | None = NOON, tenant: str = "acme") -> Job:
    job = Job(id=job_id, source="/src", created=NOON)
    store.queue.submit(job, Submission(tenant=tenant))
    if ended:
        lease = store.queue.claim(job_id, "w")
        assert lease
        store.queue.end(lease, JobStatus.FINISHED)
        with store.database.writing() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(ended=ended))
    return job


def age(store: Store, days: float = 3.0) -> None:
    """Everything that was put so far was put that long ago."""
    old_s = time.time() - days * 86400
    for path in (store.home / "blobs").glob("??/*"):
        os.utime(path, (old_s, old_s))
    if store.blobs is not store.own_blobs:
        for file in _memory(store).values():
            file.created = datetime.fromtimestamp(old_s, UTC)


def _memory(store: Store) -> dict[str, object]:
    import fsspec  # noqa: PLC0415

    files, root = fsspec.url_to_fs(store.places[0].name)
    return {name: file for name, file in files.store.items() if name.startswith(root)}


def kept(store: Store, digest: str) -> bool:
    try:
        store.blobs.get(digest)
    except KeyError:
        return False
    return True


def make_plain(job_id: str) -> Job:
    return Job(id=job_id, source="/src", created=NOON)
