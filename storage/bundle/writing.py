"""A job written into an archive, a page of rows and one blob at a time."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table, select

from agent.protocols import Blobs, JobStatus
from storage.bundle.form import (
    FORMAT,
    HEAD,
    JOB,
    JOB_COLUMNS,
    LARGEST_BLOB_BYTES,
    LARGEST_LINE_BYTES,
    MANIFEST,
    PART_BYTES,
    TABLES,
    columns_of,
    content_digest,
    plain,
)
from storage.bundle.tar import NoSink, Sink, TarSink, sha256
from storage.database import Database
from storage.escapes import to_json
from storage.references import named_in
from storage.retention import ENDED
from storage.tables import jobs
from tools.errors import UserError

_PAGE = 500
_AT_WORK = {JobStatus.QUEUED.value: "waits", JobStatus.RUNNING.value: "runs", JobStatus.PAUSED.value: "is paused"}


def export_job(
    database: Database,
    blobs: Blobs,
    job_id: str,
    file: IO[bytes],
    status: JobStatus | None = None,
    tenant: str | None = None,
) -> str:
    """Write everything of a job that has ended; the digest of what the archive holds.

    `status` is how the job stands where its row does not know, as of a command line that was killed. Raises UserError:
    404 where there is no such job, or it is not the `tenant`'s; 409 where it has not ended.
    """
    if tenant is not None:
        mine = select(jobs.c.id).where(jobs.c.id == job_id, jobs.c.tenant == tenant)
        with database.reading() as connection:
            if connection.execute(mine).first() is None:
                raise UserError(f"there is no job {job_id!r}", status=404)
    sink = TarSink(file)
    digest = _write(database, blobs, job_id, sink, status)
    sink.close()
    return digest


def export_to(database: Database, blobs: Blobs, job_id: str, path: Path, status: JobStatus | None = None) -> str:
    """The same to a file, which is there whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            digest = export_job(database, blobs, job_id, file, status)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return digest


def content_of(database: Database, blobs: Blobs, job_id: str, status: JobStatus | None = None) -> str:
    """The digest that an archive of the job would have."""
    return _write(database, blobs, job_id, NoSink(), status)


def _write(database: Database, blobs: Blobs, job_id: str, sink: Sink, status: JobStatus | None) -> str:
    members: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def add(name: str, data: bytes) -> None:
        sink.add(name, data)
        members[name], sizes[name] = sha256(data), len(data)

    head = {"format": FORMAT, "hasten": version("hasten"), "job": job_id}
    sink.add(HEAD, to_json(head).encode())
    named: set[str] = set()
    with database.reading() as connection:
        job = _job(connection, job_id, status)
        named.update(digest for digest in (job["report"], job["patch"]) if digest)
        add(JOB, to_json(job).encode())
        for table in TABLES.values():
            for position, part in enumerate(_parts(_lines(connection, table, job_id, named)), 1):
                add(f"{table.name}/{position:06}.jsonl", part)
    for digest in sorted(named):
        try:
            data = blobs.get(digest)
        except KeyError:  # thinned, or lost: who reads the archive does without it, as one does here
            continue
        if len(data) > LARGEST_BLOB_BYTES:
            raise UserError(f"job {job_id} cannot be exported: its blob {digest} is too large", status=422)
        add(f"blobs/{digest}", data)
    content = content_digest(members)
    listed = [{"name": name, "bytes": sizes[name], "sha256": digest} for name, digest in members.items()]
    sink.add(MANIFEST, to_json({"content": content, "members": listed}).encode())
    return content


def _job(connection: Connection, job_id: str, status: JobStatus | None) -> dict[str, Any]:
    query = select(*(jobs.c[name] for name in JOB_COLUMNS)).where(jobs.c.id == job_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise UserError(f"there is no job {job_id!r}; `hasten list` shows those there are", status=404)
    job: dict[str, Any] = {name: plain(row[name]) for name in JOB_COLUMNS}
    if status is not None:
        job["status"] = status.value
    if job["status"] not in ENDED:
        raise UserError(f"job {job_id} still {_AT_WORK[job['status']]}; export it when it has ended", status=409)
    job["request"] = {name: value for name, value in row["request"].items() if name != "id"}
    return job


def _lines(connection: Connection, table: Table, job_id: str, named: set[str]) -> Iterator[bytes]:
    key = list(table.primary_key.columns)
    query = select(*columns_of(table)).where(table.c.job_id == job_id).order_by(*key)
    for row in connection.execution_options(yield_per=_PAGE).execute(query).mappings():
        values: Mapping[str, Any] = {name: plain(value) for name, value in row.items()}
        named.update(digest for _, digest in named_in(table.name, values))
        line = to_json(values).encode() + b"\n"
        if len(line) > LARGEST_LINE_BYTES:
            raise UserError(f"job {job_id} cannot be exported: a row of its {table.name} is too large", status=422)
        yield line


def _parts(lines: Iterator[bytes]) -> Iterator[bytes]:
    part, size = [], 0
    for line in lines:
        part.append(line)
        size += len(line)
        if size >= PART_BYTES:
            yield b"".join(part)
            part, size = [], 0
    if part:
        yield b"".join(part)
