"""An archive taken into a memory: looked through first, then its blobs, then all its rows in one transaction.

Nothing is unpacked while that transaction is open: in SQLite nobody else writes meanwhile.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from agent.protocols import Blobs, JobStatus
from storage.bundle.form import HEAD, JOB, MANIFEST, TABLES, Caps, Damaged
from storage.bundle.reading import Archive, examine, rows_of
from storage.bundle.staging import Row, Staged
from storage.bundle.tar import members, sha256
from storage.bundle.writing import content_of
from storage.database import Database
from storage.jobs import ID, LOCAL
from storage.limits import Limits, check_import
from storage.references import named_in
from storage.rows import source_digest
from storage.tables import jobs
from tools.errors import UserError

_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of an import."""

    job_id: str
    new: bool
    """False where the same job was there already."""
    rows: int
    blobs: int


def import_job(
    database: Database,
    blobs: Blobs,
    file: IO[bytes],
    *,
    tenant: str = LOCAL,
    name: str | None = None,
    caps: Caps,
    limits: Limits | None = None,
    scratch: Path | None = None,
) -> Imported:
    """Take a job in, as the tenant's, under its own id or as `name`; all of it or nothing.

    Its rows are put aside in the folder `scratch`. Raises UserError: 422 for an archive that is damaged or newer, 413
    for one that is too large, 409 where another job has the id; QuotaError where the `limits` allow no more today.
    """
    found = examine(file, caps)
    job_id = name or found.job_id
    if not ID.fullmatch(job_id):
        raise UserError(f"{job_id[:40]!r} is no job's id; an id has at most 32 letters, digits and hyphens", status=422)
    if _is_there(database, blobs, job_id, tenant, found):
        return Imported(job_id=job_id, new=False, rows=found.rows, blobs=len(found.blobs))
    limits = limits or Limits()
    with database.writing() as connection:  # before anything of it is stored
        check_import(connection, tenant, limits, database.moment(connection))
    with tempfile.TemporaryFile(dir=scratch) as aside:
        staged = Staged(aside)
        _unpack(file, caps, found, job_id, blobs, staged)
        try:
            with database.writing() as connection:
                moment = database.moment(connection)
                check_import(connection, tenant, limits, moment)
                connection.execute(insert(jobs).values(_job_row(found, job_id, tenant, moment)))
                for table, rows in staged.batches():
                    _insert(connection, table, rows)
        except IntegrityError:
            raise _taken(job_id) from None
    return Imported(job_id=job_id, new=True, rows=found.rows, blobs=len(found.blobs))


def _is_there(database: Database, blobs: Blobs, job_id: str, tenant: str, found: Archive) -> bool:
    """Whether this very job is the tenant's already; raises UserError (409) where another one has its id."""
    with database.reading() as connection:
        row = connection.execute(select(jobs.c.tenant, jobs.c.status).where(jobs.c.id == job_id)).first()
    if row is None:
        return False
    if row.tenant == tenant:
        try:
            same = content_of(database, blobs, job_id, JobStatus(found.job["status"])) == found.content
        except UserError:
            same = False
        if same:
            return True
    raise _taken(job_id)


def _taken(job_id: str) -> UserError:
    return UserError(f"another job has the id {job_id} here; import it under an id of its own", status=409)


def _job_row(found: Archive, job_id: str, tenant: str, moment: datetime) -> Mapping[str, Any]:
    request = {**found.job["request"], "id": job_id}
    row = {**found.job, "id": job_id, "tenant": tenant, "request": request, "gain": found.gain, "imported": moment}
    row["source_digest"] = source_digest(request["source"])
    for name in ("report", "patch"):
        row[name] = row[name] if row[name] in found.blobs else None
    if tenant != LOCAL and row["status"] == JobStatus.INTERRUPTED.value:  # which no job of a service is
        row["status"] = JobStatus.FAILED.value
    return row


def _unpack(file: IO[bytes], caps: Caps, found: Archive, job_id: str, blobs: Blobs, staged: Staged) -> None:
    """Store the blobs, and put the rows aside; raises Damaged where it is not what was looked through."""
    for member, data in members(file, caps):
        if member in (HEAD, JOB, MANIFEST):
            continue
        if found.members.get(member) != sha256(data):
            raise Damaged("it was changed while it was read")
        if member.startswith("blobs/"):
            blobs.put(data)
            continue
        for rows in _batches(member, data, job_id, found):
            staged.add(member.partition("/")[0], rows)


def _batches(member: str, data: bytes, job_id: str, found: Archive) -> Iterator[Sequence[Row]]:
    batch: list[Row] = []
    for row in rows_of(member, data):
        for key, digest in list(named_in(member.partition("/")[0], row)):
            if digest not in found.blobs:  # it names no blob of others
                row["data"] = {**row["data"], key: None}
        batch.append({**row, "job_id": job_id})
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _insert(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    connection.execute(insert(TABLES[table]), rows)
