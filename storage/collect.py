"""The collector: removes jobs that are old enough, and blobs that nothing refers to.

What it must never remove is a blob whose reference is still to be written. A blob is stored first and referred to
afterwards; so one that was put lately, or since a job that runs began, stays whatever the database says. To put a blob
that is there makes it new again. The moment that decides is taken before references are read.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import and_, select

from agent.protocols import JobStatus
from storage.claims import Claim
from storage.database import Database
from storage.marks import Marks
from storage.places import Place
from storage.references import known_in, referenced
from storage.retention import Expired, Retention, expire
from storage.stored import SHARDS, KeptBlobs, Stored
from storage.sweeps import Sweeps
from storage.tables import jobs, steps

GRACE_S = 24 * 3600.0
"""A blob that was put more lately is kept, referred to or not."""
LOST = timedelta(days=7)
"""A job of a command line elsewhere that runs, but did nothing for so long, was killed."""
AT_ONCE = 500
"""Blobs that are removed under one lock."""
_NOTED_EVERY_S = 5.0
"""A collector that is killed loses no more of its sweep than this."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a collector goes by."""

    retention: Retention = field(default_factory=Retention)
    known_days: int | None = None
    """Entries of `agent.known` that nobody asked for this long are removed; None keeps them."""
    grace_s: float = GRACE_S


@dataclass(kw_only=True)
class Collected:
    """What a collector found and removed, or would remove."""

    dry_run: bool = False
    expired: Expired = field(default_factory=Expired)
    known: int = 0
    """Entries of what earlier jobs found of a commit, that nobody asked for any more."""
    blobs: int = 0
    bytes: int = 0
    removed: int = 0
    removed_bytes: int = 0
    young: int = 0
    """Blobs that nothing refers to yet, and that are too young to say that nothing will."""
    whole: bool = True
    """Every place was swept to its end; the next collector goes on where this one stopped otherwise."""


class _Timer:
    """When a collector stops, and when it notes how far it came."""

    def __init__(self, clock: Callable[[], float], limit_s: float) -> None:
        self._clock = clock
        self._ends_s = clock() + limit_s
        self._noted_s = clock()

    @property
    def over(self) -> bool:
        return self._clock() > self._ends_s

    @property
    def to_note(self) -> bool:
        if self._clock() - self._noted_s < _NOTED_EVERY_S:
            return False
        self._noted_s = self._clock()
        return True


def collect_places(
    database: Database,
    home: Path,
    places: Sequence[Place],
    rules: Rules,
    *,
    dry_run: bool = False,
    limit_s: float = float("inf"),
    clock: Callable[[], float] = time.monotonic,
) -> Collected | None:
    """Remove what may go; None where another collector is at work. It stops after `limit_s`, and goes on next time."""
    timer = _Timer(clock, limit_s)
    with database.alone("collector") as alone:
        if not alone:
            return None
        found = Collected(dry_run=dry_run)
        found.expired = expire(database, rules.retention, dry_run=dry_run)
        found.known = _expire_known(home, rules.known_days, dry_run=dry_run)
        before_s = min(time.time() - rules.grace_s, _oldest_running_s(database, home))
        marks = Marks(home / "collecting")
        try:
            marks.add(referenced(database))
            marks.add(digest for _, digest in known_in(home))
            for sweeps, blobs in _least_lately_swept(database, places):
                _sweep(sweeps, blobs, marks, before_s, found, timer)
        finally:
            marks.close()
    return found


def _least_lately_swept(database: Database, places: Sequence[Place]) -> Sequence[tuple[Sweeps, KeptBlobs]]:
    """So that each has its turn where the time does not suffice for all."""
    both = [(Sweeps(database, place.name), place.blobs) for place in places]
    return sorted(both, key=lambda one: (not one[0].under_way, one[0].ended or datetime.min.replace(tzinfo=UTC)))


def _sweep(sweeps: Sweeps, blobs: KeptBlobs, marks: Marks, before_s: float, found: Collected, timer: _Timer) -> None:
    """Every shard once, from where the last collector stopped."""
    first = 0 if found.dry_run else SHARDS.index(sweeps.next)
    for position, shard in enumerate(SHARDS[first:], first):
        if timer.over:
            found.whole = False
            if not found.dry_run:
                sweeps.reached(position, asdict(found))
            return
        for leaving in _batches(blobs.listing(shard), marks.of(shard), before_s, found):
            removed = leaving if found.dry_run else blobs.remove([one.digest for one in leaving], before_s)
            found.removed += len(removed)
            found.removed_bytes += sum(one.size_bytes for one in removed)
        if not found.dry_run and timer.to_note:
            sweeps.reached(position + 1, asdict(found))
    if not found.dry_run:
        sweeps.reached(len(SHARDS), asdict(found))


def _batches(
    listing: Iterator[Stored], marked: frozenset[str], before_s: float, found: Collected
) -> Iterator[list[Stored]]:
    """What of a listing may be removed; what is seen is counted."""
    batch: list[Stored] = []
    for one in listing:
        found.blobs += 1
        found.bytes += one.size_bytes
        if one.digest in marked:
            continue
        if one.stored_s >= before_s:
            found.young += 1
            continue
        batch.append(one)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _oldest_running_s(database: Database, home: Path) -> float:
    """When the oldest job that is at work began: it may still refer to whatever it has put since."""
    joined = jobs.outerjoin(steps, and_(steps.c.job_id == jobs.c.id, steps.c.number == jobs.c.last_step))
    columns = (jobs.c.id, jobs.c.created, jobs.c.lease_owner, steps.c.at)
    query = select(*columns).select_from(joined).where(jobs.c.status == JobStatus.RUNNING.value)
    with database.reading() as connection:
        moment = database.moment(connection)
        running = connection.execute(query).all()
    alive = [
        row.created
        for row in running
        if row.lease_owner is not None
        or max(row.created, row.at or row.created) > moment - LOST
        or Claim.held(home / "running" / f"{row.id}.lock")
    ]
    return min(alive).timestamp() if alive else float("inf")


def _expire_known(home: Path, days: int | None, *, dry_run: bool) -> int:
    if days is None:
        return 0
    count = 0
    for entry, _ in known_in(home):
        if entry.stat().st_mtime < time.time() - days * 86400:
            count += 1
            if not dry_run:
                entry.unlink(missing_ok=True)
    return count
