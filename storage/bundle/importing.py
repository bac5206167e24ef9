"""An archive taken into a memory: looked through first, then its blobs, then all its rows in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from agent.protocols import Blobs, JobStatus
from storage.bundle.form import HEAD, JOB, MANIFEST, TABLES, Caps, Damaged
from storage.bundle.reading import Archive, examine, rows_of
from storage.bundle.tar import members, sha256
from storage.bundle.writing import content_of
from storage.database import Database
from storage.jobs import ID, LOCAL
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
    database: Database, blobs: Blobs, file: IO[bytes], *, tenant: str = LOCAL, name: str | None = None, caps: Caps
) -> Imported:
    """Take a job in, as the tenant's, under its own id or as `name`; all of it or nothing.

    Raises UserError: 422 for an archive that is damaged or newer, 413 for one that is too large, 409 where another job
    has the id.
    """
    found = examine(file, caps)
    job_id = name or found.job_id
    if not ID.fullmatch(job_id):
        raise UserError(f"{job_id[:40]!r} is no job's id; an id has at most 32 letters, digits and hyphens", status=422)
    if _is_there(database, blobs, job_id, tenant, found):
        return Imported(job_id=job_id, new=False, rows=found.rows, blobs=len(found.blobs))
    for member, data in members(file, caps):
        if member.startswith("blobs/"):
            blobs.put(data)
    try:
        with database.writing() as connection:
            connection.execute(insert(jobs).values(_job_row(found, job_id, tenant)))
            for member, data in members(file, caps):
                if member in (HEAD, JOB, MANIFEST) or member.startswith("blobs/"):
                    continue
                if found.members.get(member) != sha256(data):
                    raise Damaged("it was changed while it was read")
                _insert(connection, member, data, job_id, found)
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


def _job_row(found: Archive, job_id: str, tenant: str) -> Mapping[str, Any]:
    request = {**found.job["request"], "id": job_id}
    row = {**found.job, "id": job_id, "tenant": tenant, "request": request, "gain": found.gain, "imported": True}
    row["source_digest"] = source_digest(request["source"])
    for name in ("report", "patch"):
        row[name] = row[name] if row[name] in found.blobs else None
    if tenant != LOCAL and row["status"] == JobStatus.INTERRUPTED.value:  # which no job of a service is
        row["status"] = JobStatus.FAILED.value
    return row


def _insert(connection: Connection, member: str, data: bytes, job_id: str, found: Archive) -> None:
    table = TABLES[member.partition("/")[0]]
    batch: list[dict[str, Any]] = []
    for row in rows_of(member, data):
        for key, digest in list(named_in(table.name, row)):
            if digest not in found.blobs:  # it names no blob of others
                row["data"] = {**row["data"], key: None}
        batch.append({**row, "job_id": job_id})
        if len(batch) == _AT_ONCE:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)
