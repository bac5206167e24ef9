"""Engines of the databases that are supported, and what each needs to be told: the limits of both stand here."""

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.escapes import from_json, to_json
from tools.errors import UserError

BUSY_TIMEOUT_S = 30.0
"""How long a writer of SQLite waits for the others, of whom there is one at a time."""

CONNECT_TIMEOUT_S = 10
STATEMENT_TIMEOUT_S = 30
"""A statement that runs longer is ended by PostgreSQL; migrations have no such limit."""
LOCK_TIMEOUT_S = 10
"""So long a statement waits for a row that another transaction holds: all of these are short."""
IDLE_IN_TRANSACTION_S = 60
"""A transaction that is left open so long is ended, with its locks: its process hangs or its host is gone."""
KEEPALIVE_S = 15
"""After so much silence PostgreSQL's host is asked whether it is there, and again after a third of it."""
SILENT_S = 30
"""What was sent and not acknowledged for so long ends the connection."""
POOL_SIZE, POOL_OVERFLOW = 16, 4
"""Connections that a process keeps of those it needed at once, and that it may open beyond these for a moment.

A new one costs both sides some milliseconds, just when there is much to do.
"""
POOL_WAIT_S = 10
"""How long a thread waits for one of them."""


def open_engine(location: Path | str) -> Engine:
    """An engine for a SQLite file by its path, or for a `postgresql://` URL; raises UserError for any other."""
    url = _url(location)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.get_backend_name() == "postgresql":
        return _postgresql(url)
    raise UserError(f"{shown(location)} is no database that Hasten knows; give a postgresql:// or sqlite:// URL")


def shown(location: Path | str) -> str:
    """Where a database is, for people: without its password."""
    return str(location) if isinstance(location, Path) else _url(location).render_as_string(hide_password=True)


def _url(location: Path | str) -> URL:
    if isinstance(location, Path):
        return URL.create("sqlite", database=str(location))
    try:
        return make_url(location)
    except ArgumentError:
        raise UserError(
            "the database is no URL such as postgresql://user@host/name"
        ) from None  # it may hold a password


_JSON: Mapping[str, Any] = {"json_serializer": to_json, "json_deserializer": from_json}


def _postgresql(url: URL) -> Engine:
    limits = {
        "statement_timeout": STATEMENT_TIMEOUT_S,
        "lock_timeout": LOCK_TIMEOUT_S,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_S,
    }
    arguments = {
        "application_name": "hasten",
        "connect_timeout": CONNECT_TIMEOUT_S,
        "keepalives_idle": KEEPALIVE_S,
        "keepalives_interval": KEEPALIVE_S // 3,
        "keepalives_count": 3,
        "tcp_user_timeout": SILENT_S * 1000,
        "options": " ".join(f"-c {name}={limit_s}s" for name, limit_s in limits.items()),
    }
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={name: value for name, value in arguments.items() if name not in url.query},  # the URL decides
        pool_pre_ping=True,  # a connection that broke while nobody used it is replaced unseen
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=POOL_WAIT_S,
        **_JSON,
    )


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}, **_JSON)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # transactions begin where `_begin` says, not where sqlite3 guesses
    _write_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to a log of its own; SQLite waits for others as it does elsewhere, but not where they switch."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("hasten_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
