"""`/v1/jobs/{id}/export` and `/v1/imports`: a job as one archive, out of a service and into another one."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.rest.auth import Admin, Reader
from api.rest.paths import ID, JobId
from api.rest.service import Held
from storage.bundle.form import Caps
from storage.limits import limits_of

ARCHIVE = "application/gzip"
IMPORTS = "/v1/imports"
MOST_UPLOAD_BYTES = 256 * 2**20
CAPS = Caps(bytes=2 * 2**30, row_bytes=512 * 2**20, rows=200_000)
"""What an archive that comes over the network may hold: the rows of one are written within seconds."""
_CHUNK_BYTES = 2**20
_BINARY = {"schema": {"type": "string", "format": "binary"}, "example": "what `hasten export` wrote"}

router = APIRouter(tags=["transfers"])


class ImportedPart(BaseModel):
    """A job that was taken in."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"job": "4f1d2c3b5a697887", "new": True, "rows": 812, "blobs": 31}]}
    )

    job: str = Field(description="The id that it has here.")
    new: bool = Field(description="False where the same job was here already.")
    rows: int
    blobs: int


@router.get(
    "/v1/jobs/{job_id:id}/export",
    response_class=Response,
    responses={200: {"content": {ARCHIVE: _BINARY}, "description": "What `POST /v1/imports` takes."}},
)
def export(job_id: JobId, caller: Reader, service: Held) -> Response:
    """Take everything of a job that has ended, as one archive: its steps, candidates, evidence, report and blobs."""
    file = _nameless(service.settings.home)
    try:
        service.store.export_into(job_id, file, tenant=caller.tenant)
        size_bytes = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Length": str(size_bytes),
        "Content-Disposition": f'attachment; filename="hasten-{job_id}.tar.gz"',
    }
    return StreamingResponse(_chunks(file), media_type=ARCHIVE, headers=headers)


async def uploaded(request: Request, caller: Admin, service: Held) -> AsyncIterator[IO[bytes]]:
    """The archive that a request sends, in a file without a name; only who may import one gets to send it."""
    del caller
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != ARCHIVE:
        raise HTTPException(415, f"send what `hasten export` wrote, as `Content-Type: {ARCHIVE}`")
    with _nameless(service.settings.home) as file:
        taken = 0
        async for chunk in request.stream():
            taken += len(chunk)
            if taken > MOST_UPLOAD_BYTES:
                raise HTTPException(413, f"the archive is larger than {MOST_UPLOAD_BYTES} bytes; use `hasten import`")
            await run_in_threadpool(file.write, chunk)
        yield file


@router.post(
    IMPORTS,
    status_code=201,
    openapi_extra={"requestBody": {"required": True, "content": {ARCHIVE: _BINARY}}},
    responses={200: {"model": ImportedPart, "description": "The same job was here already."}},
)
def import_archive(
    response: Response,
    caller: Admin,
    service: Held,
    file: Annotated[IO[bytes], Depends(uploaded)],
    name: Annotated[str | None, Query(alias="as", pattern=f"^{ID}$", description="Give the job this id.")] = None,
) -> ImportedPart:
    """Take a job in that was exported elsewhere; it is the caller's tenant's from then on."""
    found = service.store.take_in(file, tenant=caller.tenant, name=name, caps=CAPS, limits=limits_of(caller.limits))
    response.status_code = 201 if found.new else 200
    response.headers["Location"] = f"/v1/jobs/{found.job_id}"
    return ImportedPart(job=found.job_id, new=found.new, rows=found.rows, blobs=found.blobs)


def _nameless(home: Path) -> IO[bytes]:
    """A file that is gone when it is closed, or its process dies."""
    return tempfile.TemporaryFile(dir=home)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
