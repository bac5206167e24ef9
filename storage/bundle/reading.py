"""An archive that anybody may have made, looked through from beginning to end before anything of it is believed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import IO, Any

from agent.domain import UNCHANGED, Candidate
from agent.protocols import JobStatus
from storage.bundle.form import (
    FORMAT,
    HEAD,
    JOB,
    JOB_COLUMNS,
    LARGEST_LINE_BYTES,
    MANIFEST,
    TABLES,
    Caps,
    Damaged,
    columns_of,
    content_digest,
    value_of,
)
from storage.bundle.nouns import MOST_DEPTH, fits, is_shallow, understand, understand_job
from storage.bundle.tar import members, sha256
from storage.escapes import from_json
from storage.retention import ENDED, Kept
from storage.rows import gain_of
from storage.stored import DIGEST
from storage.tables import jobs
from tools.errors import UserError
from tools.measure.estimate import Estimate

_ESTIMATE = {one.name for one in fields(Estimate)}
_KEPT = (Kept.WHOLE.value, Kept.THIN.value)


@dataclass(kw_only=True)
class Archive:
    """What was found in an archive that holds together."""

    job_id: str = ""
    job: dict[str, Any] = field(default_factory=dict)
    """The columns of the job's row."""
    content: str = ""
    """The digest of all that it holds."""
    blobs: set[str] = field(default_factory=set)
    gain: Mapping[str, Any] | None = None
    """What its report says that the job delivers."""
    rows: int = 0
    members: dict[str, str] = field(default_factory=dict)
    candidates: dict[int, Candidate] = field(default_factory=dict)
    """Which there are; only their numbers are of interest."""


def examine(file: IO[bytes], caps: Caps) -> Archive:
    """Read all of an archive; raises UserError (422, or 413 where it is too large) with what is wrong with it."""
    found = Archive(candidates={UNCHANGED.number: UNCHANGED})
    report: bytes | None = None
    listed: Mapping[str, Any] | None = None
    for position, (name, data) in enumerate(members(file, caps)):
        if listed is not None:
            raise Damaged("something follows its end")
        if (position == 0) is not (name == HEAD):
            raise Damaged("it does not begin as an export does")
        if position == 1 and name not in (JOB, MANIFEST):
            raise Damaged("it holds no job before all else")
        if name == HEAD:
            found.job_id = _head(data)
        elif name == MANIFEST:
            listed = _object(data, name)
        else:
            found.members[name] = sha256(data)
            _look(name, data, found, caps)
            if name == f"blobs/{found.job.get('report')}":
                report = data
    if listed is None:
        raise Damaged("it ends too early")
    _check_manifest(listed, found)
    if not found.job:
        raise Damaged("it holds no job")
    if report is not None:
        found.gain = _gain(_object(report, "its report"))
    return found


def rows_of(name: str, data: bytes) -> Iterator[dict[str, Any]]:
    """The rows of one part of a table, each column as the database takes it."""
    table = TABLES[name.partition("/")[0]]
    columns = columns_of(table)
    for line in data.splitlines():
        if len(line) > LARGEST_LINE_BYTES:
            raise Damaged(f"a line of {name} is too long")
        read = _object(line, name)
        if read.keys() != {column.name for column in columns}:
            raise Damaged(f"a line of {name} has other columns")
        yield {column.name: value_of(column, read[column.name]) for column in columns}


def _head(data: bytes) -> str:
    head = _object(data, HEAD)
    written, job_id = head.get("format"), head.get("job")
    if not isinstance(written, int) or not isinstance(job_id, str):
        raise Damaged("it does not say what it is")
    if written > FORMAT:
        raise UserError(f"the archive is of the newer format {written}; upgrade Hasten to import it", status=422)
    return job_id


def _look(name: str, data: bytes, found: Archive, caps: Caps) -> None:
    if name == JOB:
        found.job = _job(data)
    elif name.startswith("blobs/"):
        digest = name.removeprefix("blobs/")
        if found.members[name] != digest:
            raise Damaged(f"the blob {digest[:12]} is not what its name says")
        found.blobs.add(digest)
    else:
        table = name.partition("/")[0]
        for row in rows_of(name, data):
            found.rows += 1
            if found.rows > caps.rows:
                raise Damaged("it holds more rows than an export may", status=413)
            try:
                understand(table, row, found.candidates, found.job["last_step"])
            except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
                raise Damaged(f"a row of its {table} cannot be read") from None


def _job(data: bytes) -> dict[str, Any]:
    read = _object(data, JOB)
    if read.keys() != set(JOB_COLUMNS):
        raise Damaged(f"{JOB} has other columns")
    job = {name: value_of(jobs.c[name], read[name]) for name in JOB_COLUMNS}
    try:
        understand_job(job)
        known = job["status"] in ENDED and JobStatus(job["status"]) and job["kept"] in _KEPT
    except (TypeError, ValueError, RecursionError):
        raise Damaged("its job cannot be read") from None
    if not known or not all(job[name] is None or DIGEST.fullmatch(job[name]) for name in ("report", "patch")):
        raise Damaged("its job cannot be read")
    return job


def _check_manifest(listed: Mapping[str, Any], found: Archive) -> None:
    rows = listed.get("members")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise Damaged("it has no list of what it holds")
    if {one.get("name"): one.get("sha256") for one in rows} != found.members:
        raise Damaged("it does not hold what its list says")
    found.content = content_digest(found.members)
    if listed.get("content") != found.content:
        raise Damaged("its digest is another")


def _gain(report: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        gain = gain_of(report)
        known = gain is None or (gain.keys() == _ESTIMATE and all(fits(float | None, one) for one in gain.values()))
    except (AttributeError, TypeError):
        known = False
    if not known:
        raise Damaged("its report cannot be read")
    return gain


def _object(data: bytes, name: str) -> dict[str, Any]:
    try:
        read = from_json(data)
    except (ValueError, RecursionError):
        raise Damaged(f"{name} is no JSON") from None
    if not isinstance(read, dict):
        raise Damaged(f"{name} is no JSON object")
    if data.count(b"[") + data.count(b"{") > MOST_DEPTH and not is_shallow(read):
        raise Damaged(f"{name} is nested too deep")
    return read
