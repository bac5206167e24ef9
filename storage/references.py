"""Which blobs are referred to: read from every table, a page at a time, so that millions of rows need little memory.

There is no table of references. One that a writer forgot to fill would cost somebody a blob; here a reference is any
column that holds a digest, and any string of a JSON column that is one, at any depth, in tables and columns that do
not exist yet as well. Looking for them costs a fraction of a second per million steps beside reading these.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Table, Text, cast, func, literal, or_, select, tuple_

from agent.domain import Step
from storage.columns import String
from storage.database import Database
from storage.stored import DIGEST
from storage.tables import metadata

PAGE = 5_000
_IN_JSON = re.compile(r'"([0-9a-f]{64})\\*"')
"""Also within JSON that stands in a string of JSON. It begins with a plain character: a search skips to these."""


def referenced(database: Database) -> Iterator[str]:
    """Every digest that the database refers to; some come several times, and some are of no blob."""
    for table in metadata.sorted_tables:
        plain, nested = columns_of(table)
        if plain or nested:
            yield from _of_table(database, table, plain, nested)


def columns_of(table: Table) -> tuple[Sequence[Column[Any]], Sequence[Column[Any]]]:
    """The columns that may be a digest, and those of JSON that may hold some."""
    plain = [one for one in table.c if isinstance(one.type, String) and (one.type.length or 64) >= 64]
    return plain, [one for one in table.c if isinstance(one.type, JSON)]


def _of_table(
    database: Database, table: Table, plain: Sequence[Column[Any]], nested: Sequence[Column[Any]]
) -> Iterator[str]:
    key = list(table.primary_key.columns)
    texts: list[ColumnElement[str]] = [
        *(func.substr(one, 1, 65).label(f"plain_{one.name}") for one in plain),
        *(cast(one, Text).label(f"nested_{one.name}") for one in nested),
    ]
    query = select(*key, *texts).order_by(*key).limit(PAGE)
    if not nested:
        query = query.where(or_(*(func.length(one) == 64 for one in plain)))
    after: tuple[Any, ...] | None = None
    while True:
        page = query
        if after is not None:
            page = query.where(
                tuple_(*key) > tuple_(*(literal(value, one.type) for value, one in zip(after, key, strict=True)))
            )
        count = 0
        with database.reading() as connection:
            for row in connection.execution_options(yield_per=200).execute(page):
                count += 1
                after = tuple(row[: len(key)])
                yield from (text for text in row[len(key) : len(key) + len(plain)] if text and DIGEST.fullmatch(text))
                for text in row[len(key) + len(plain) :]:
                    if text:
                        yield from _IN_JSON.findall(text)
        if count < PAGE:
            return


def known_in(home: Path) -> Iterator[tuple[Path, str]]:
    """What `agent.known` keeps in a home, of a service for each tenant: its entries, and the digests they name."""
    for entry in itertools.chain((home / "known").glob("*"), home.glob("tenants/*/known/*")):
        try:
            digest = entry.read_text("ascii").strip()
        except (FileNotFoundError, ValueError):
            continue
        if DIGEST.fullmatch(digest):
            yield entry, digest


NAMED: Mapping[str, Mapping[str, str]] = {
    "steps": {"profile": "folded", "workload": "text", "candidate": "patch", "evidence": "samples"},
    "evidence": {"Timed": "samples"},
}
"""Where a job's rows name blobs that somebody reads: by table and kind, the key of their data.

What a target or a model said may look like a digest as well. That is enough for a collector to leave a blob alone,
and not enough to hand it out.
"""


def named_in(table: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The blobs that a row names, each with its key."""
    key = NAMED.get(table, {}).get(str(row.get("kind")))
    data = row.get("data")
    if key and isinstance(data, dict) and isinstance(digest := data.get(key), str) and DIGEST.fullmatch(digest):
        yield key, digest


def blob_of(step: Step, key: str) -> str | None:
    """The digest that a step names under a key; None where its kind names none there, whatever its data hold."""
    return dict(named_in("steps", {"kind": step.kind, "data": step.data})).get(key)
