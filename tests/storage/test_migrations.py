"""Up and down, step by step, with a row in every table, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    insert,
    inspect,
    select,
    text,
)

from agent.domain import Job, StepKind
from agent.protocols import JobStatus
from storage.engine import open_engine
from storage.migrate import HEAD, alembic_config, migrating
from storage.store import open_store
from storage.tables import metadata
from tools.errors import InfrastructureError
from tools.measure.calibrate import Calibration

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
REVISIONS = [one.revision for one in reversed(list(ScriptDirectory.from_config(alembic_config()).walk_revisions()))]
VALUES: dict[type, object] = {
    JSON: {"list": [1, "é"], "source": "/src\udcff\0"},
    DateTime: datetime(2026, 11, 22, 12, 0, 0, 123456),
    LargeBinary: b"\0\xff",
    Boolean: True,
    Float: 0.125,
    Integer: 1,
}
"""By type; every text is the same one, so that what refers to another table finds its row."""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    bare = tmp_path / "hasten.db" if request.param == "sqlite" else request.getfixturevalue("bare_postgres_url")
    opened = open_engine(bare)
    yield opened
    opened.dispose()


def go(engine: Engine, revision: str) -> None:
    config = alembic_config()
    with migrating(engine) as connection:
        config.attributes["connection"] = connection
        now = MigrationContext.configure(connection).get_current_revision() or ""
        (command.upgrade if revision > now else command.downgrade)(config, revision)


def reflected(engine: Engine) -> MetaData:
    found = MetaData()
    found.reflect(engine)
    return found


def value_of(column: Column[Any]) -> object:
    kinds = (value for kind, value in VALUES.items() if isinstance(column.type, kind))
    return next(kinds, "a1")


def fill(engine: Engine) -> None:
    """A row in each table that has none."""
    with engine.begin() as connection:
        for table in reflected(engine).sorted_tables:
            if table.name != "alembic_version" and connection.execute(select(table)).first() is None:
                connection.execute(insert(table).values({column.name: value_of(column) for column in table.columns}))


def rows(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    with engine.connect() as connection:
        tables = [table for table in reflected(engine).sorted_tables if table.name != "alembic_version"]
        return {table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}


def shape(engine: Engine) -> dict[str, object]:
    """Everything of the schema but what a column holds where nobody says it."""
    seen, found = inspect(engine), {}
    for name in seen.get_table_names():
        columns = {(column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(name)}
        keys = {(str(key["constrained_columns"]), key["referred_table"]) for key in seen.get_foreign_keys(name)}
        primary = seen.get_pk_constraint(name)["constrained_columns"]
        unique = {(str(one["column_names"]), one["name"]) for one in seen.get_unique_constraints(name)}
        indexes = {(str(one["column_names"]), one["name"]) for one in seen.get_indexes(name)}
        found[name] = (columns, keys, primary, unique, indexes)
    return found


def test_the_known_head_is_the_newest_migration() -> None:
    assert REVISIONS[-1] == HEAD


def test_the_migrations_make_what_the_tables_say(engine: Engine) -> None:
    go(engine, HEAD)
    with engine.connect() as connection:
        told = engine.dialect.name == "postgresql"  # SQLite quotes defaults, which alembic takes for a difference
        options = {"compare_type": True, "compare_server_default": told, "render_as_batch": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_each_step_up_and_down_keeps_every_row(engine: Engine) -> None:
    held, shapes = {}, {}
    for revision in REVISIONS:
        before = rows(engine)
        go(engine, revision)
        after = rows(engine)
        for table, old in before.items():
            new = [{name: row[name] for name in row if name in old[0]} for row in after[table]]
            assert new == [{name: row[name] for name in row if name in after[table][0]} for row in old]
        fill(engine)
        held[revision], shapes[revision] = rows(engine), shape(engine)
    assert set(held[HEAD]) == set(metadata.tables)
    assert all(len(table) == 1 for table in held[HEAD].values())
    for revision in reversed(REVISIONS[:-1]):
        go(engine, revision)
        assert rows(engine) == held[revision]
        assert shape(engine) == shapes[revision]
    go(engine, HEAD)
    assert shape(engine) == shapes[HEAD]
    assert rows(engine)["jobs"][0]["last_step"] == 1


def test_an_older_home_is_brought_up_to_date(tmp_path: Path, database_url: str | None) -> None:
    with open_store(tmp_path, database_url) as store:
        store.jobs.create(Job(id="a1b2", source="/src", created=NOON))
        store.jobs.journal("a1b2").append(StepKind.NOTE, "kept")
        store.calibrations.add("here", "w", Calibration(noise=0.01, clock="cpu", pairs=12, accepted=False))
    engine = open_engine(database_url or tmp_path / "hasten.db")
    go(engine, REVISIONS[0])
    assert "calibrations" not in inspect(engine).get_table_names()
    engine.dispose()
    with open_store(tmp_path, database_url) as store:
        assert store.jobs.get("a1b2").source == "/src"
        assert list(store.calibrations.of("here")) == []
        store.jobs.journal("a1b2").append(StepKind.NOTE, "new")
        assert [(step.number, step.title) for step in store.jobs.journal("a1b2").steps()] == [(1, "kept"), (2, "new")]


def test_a_service_that_goes_back_leaves_jobs_that_can_be_resumed(tmp_path: Path, database_url: str | None) -> None:
    open_store(tmp_path, database_url).close()
    engine = open_engine(database_url or tmp_path / "hasten.db")
    fill(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET status = 'paused', detail = ''"))
    go(engine, "0004")
    assert [(row["status"], row["detail"]) for row in rows(engine)["jobs"]] == [("interrupted", "it was paused")]
    go(engine, HEAD)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT status FROM jobs")) == JobStatus.INTERRUPTED
    engine.dispose()


def test_a_migration_that_would_orphan_rows_is_undone(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    engine = open_engine(tmp_path / "hasten.db")
    fill(engine)
    with pytest.raises(InfrastructureError, match="undone"), migrating(engine) as connection:
        connection.execute(text("DELETE FROM jobs"))
    assert len(rows(engine)["jobs"]) == 1
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()
