"""The form of an archive: a gzipped tar of plain files in a fixed order, described in docs/storage.md.

A tar's extensions (long names, links, sparse files) are neither written nor read.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Integer, Table

from storage.columns import String, UtcDateTime
from storage.escapes import to_json
from storage.tables import candidates, evidence, reviews, rounds, steps, verdicts
from tools.errors import UserError

FORMAT = 1
HEAD, JOB, MANIFEST = "hasten-export.json", "job.json", "manifest.json"
TABLES: Mapping[str, Table] = {one.name: one for one in (candidates, rounds, verdicts, evidence, steps, reviews)}
"""What a job has rows in, in the order they are written and read back."""
NAME = re.compile(rf"({'|'.join(TABLES)})/[0-9]{{6}}\.jsonl|blobs/[0-9a-f]{{64}}|{HEAD}|{JOB}|{MANIFEST}")
JOB_COLUMNS = (
    *("created", "request", "status", "detail", "spend", "attempt", "ended", "report", "confirmations", "kind"),
    *("last_step", "patch", "kept"),
)
"""Of the job's own row; whose it is, who holds it and its credentials stay where they are."""

PART_BYTES = 4 * 2**20
"""Rows of a table are written in parts of about this size."""
LARGEST_LINE_BYTES = 8 * 2**20
LARGEST_PART_BYTES = PART_BYTES + LARGEST_LINE_BYTES
LARGEST_BLOB_BYTES = 128 * 2**20
LARGEST_MANIFEST_BYTES = 32 * 2**20
LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Caps:
    """What an archive may hold at most."""

    bytes: int = 4 * 2**30
    """Unpacked."""
    members: int = 100_000
    row_bytes: int = 4 * 2**30
    """Of all that is no blob: it goes into the database at once."""
    rows: int = 5_000_000


class Damaged(UserError):
    """An archive that is not as `hasten export` writes them."""

    def __init__(self, problem: str, status: int = 422) -> None:
        super().__init__(f"the archive is damaged: {problem}; export the job again", status=status)


def most_bytes(name: str) -> int:
    """How large a member of this name may be."""
    if name.startswith("blobs/"):
        return LARGEST_BLOB_BYTES
    return LARGEST_MANIFEST_BYTES if name == MANIFEST else LARGEST_PART_BYTES


def content_digest(members: Mapping[str, str]) -> str:
    """What an archive holds, as one digest: the same for the same job, whatever its id and wherever it was exported."""
    return hashlib.sha256(to_json(sorted(members.items())).encode()).hexdigest()


def columns_of(table: Table) -> list[Column[Any]]:
    """The columns of a table that are written; a number that only counts rows of all jobs is not."""
    left_out = {"job_id", *(("number",) if table is reviews else ())}
    return [column for column in table.c if column.name not in left_out]


def plain(value: object) -> object:
    """A value of a column as JSON."""
    return value.isoformat() if isinstance(value, datetime) else value


def value_of(column: Column[Any], value: Any) -> Any:
    """The inverse, of what anybody may have written; raises Damaged for what the column does not take."""
    kind = column.type
    if value is None:
        fits = bool(column.nullable)
    elif isinstance(kind, UtcDateTime):
        return _moment(column.name, value)
    elif isinstance(kind, Boolean):
        fits = isinstance(value, bool)
    elif isinstance(kind, Integer):
        fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_NUMBER
    elif isinstance(kind, String):
        fits = isinstance(value, str) and (kind.length is None or len(value) <= kind.length)
    else:
        fits = isinstance(kind, JSON)
    if not fits:
        raise Damaged(f"{column.table.name}.{column.name} cannot be {str(value)[:40]!r}")
    return value


def _moment(name: str, value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise Damaged(f"{name} does not say its time zone")
        return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):  # the last one: in UTC it is before the year 1 or after 9999
        raise Damaged(f"{name} is no moment") from None
