"""Engines of the databases that are supported, and what each needs to be told."""

import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from tools.errors import HastenError, InfrastructureError, UserError

BUSY_TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 10


def open_engine(location: Path | str) -> Engine:
    """An engine for a SQLite file by its path, or for a `postgresql://` URL; raises UserError for any other."""
    url = _url(location)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
        )
    raise UserError(f"{shown(location)} is no database that Hasten knows; give a postgresql:// or sqlite:// URL")


def shown(location: Path | str) -> str:
    """Where a database is, for people: without its password."""
    return str(location) if isinstance(location, Path) else _url(location).render_as_string(hide_password=True)


def unusable(engine: Engine, error: DBAPIError) -> HastenError:
    """What is said of a database that cannot be opened, with the way out."""
    if engine.dialect.name != "sqlite":
        name = engine.url.render_as_string()
        return InfrastructureError(f"the database {name} failed: {error.orig}", retryable=True)
    return UserError(
        f"{engine.url.database} cannot be used as Hasten's database ({error.orig}); "
        "move it away or set HASTEN_HOME elsewhere",
        status=422,
    )


def _url(location: Path | str) -> URL:
    if isinstance(location, Path):
        return URL.create("sqlite", database=str(location))
    try:
        return make_url(location)
    except ArgumentError:
        raise UserError(
            "the database is no URL such as postgresql://user@host/name"
        ) from None  # it may hold a password


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # transactions begin where `_begin` says, not where sqlite3 guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("hasten_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
