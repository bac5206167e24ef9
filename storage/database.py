"""One SQLite file: opened, brought up to date, read and written."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.migrate import migrate
from tools.errors import InfrastructureError, UserError

BUSY_TIMEOUT_S = 30.0


class Database:
    """A SQLite file in WAL mode; several processes may read and write it at once."""

    def __init__(self, path: Path) -> None:
        """Open the file, creating or migrating it; raises UserError where it is not a database this version reads."""
        self.path = path
        self._engine = create_engine(
            f"sqlite:///{path}", connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(hasten_begin="IMMEDIATE")
        try:
            migrate(self._engine, path)
        except DBAPIError as error:
            raise UserError(
                f"{path} cannot be used as Hasten's database ({error.orig}); move it away or set HASTEN_HOME elsewhere",
                status=422,
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and blocks nobody."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its first moment, so that what it reads stays true.

        Committed, and on disk, when the block ends; rolled back when it raises.
        """
        with self._translated(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            busy = "locked" in str(error.orig)
            raise InfrastructureError(f"the database {self.path} failed: {error.orig}", retryable=busy) from error


def _prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # transactions begin where `_begin` says, not where sqlite3 guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("hasten_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
