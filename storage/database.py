"""The database: opened, brought up to date, read and written. One SQLite file, or PostgreSQL by its URL."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.engine import open_engine, shown
from storage.migrate import migrate
from tools.errors import InfrastructureError, UserError


@contextmanager
def _file_lock(path: Path) -> Iterator[bool]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


class Database:
    """Several processes may read and write it at once."""

    def __init__(self, location: Path | str) -> None:
        """Open a SQLite file by its path or a database by its URL, creating or migrating what is missing.

        Raises UserError where it is no database that this version reads, InfrastructureError where it is not reached.
        """
        self._engine = open_engine(location)
        self.name = shown(location)
        self.is_sqlite = self._engine.dialect.name == "sqlite"
        self._writer = self._engine.execution_options(hasten_begin="IMMEDIATE")
        consistent = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self._engine.execution_options(**consistent)
        try:
            migrate(self._engine)
        except DBAPIError as error:
            if not self.is_sqlite:
                raise InfrastructureError(f"the database {self.name} failed: {error.orig}", retryable=True) from error
            raise UserError(
                f"{self.name} cannot be used as Hasten's database ({error.orig}); "
                "move it away or set HASTEN_HOME elsewhere",
                status=422,
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and blocks nobody."""
        with self._translated(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction; committed, and on disk, when the block ends; rolled back when it raises.

        In SQLite it holds the write lock from its first moment. In PostgreSQL it locks the rows that it changes: what
        is read and must stay true is read from an UPDATE's RETURNING, or `with_for_update`.
        """
        with self._translated(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def alone(self, what: str) -> Iterator[bool]:
        """Whether nobody else who uses the database is within a block of this name; if so, nobody else enters one.

        It ends with the block, or with the process. Nobody is waited for.
        """
        if self.is_sqlite:
            with _file_lock(Path(f"{self._engine.url.database}.{what}.lock")) as mine:
                yield mine
            return
        with self._translated(), self._engine.connect() as connection:
            key = func.hashtextextended(f"hasten {what}", 0)
            mine = connection.scalars(select(func.pg_try_advisory_lock(key))).one()
            connection.commit()
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(select(func.pg_advisory_unlock(key)))
                    connection.commit()

    def moment(self, connection: Connection) -> datetime:
        """This moment by the clock that all who use the database share, in UTC."""
        if self.is_sqlite:
            return datetime.now(UTC)
        moment: datetime = connection.scalars(select(func.clock_timestamp())).one()
        return moment.astimezone(UTC)

    def revision(self) -> str | None:
        """Which migration the schema is at now; None for an empty one."""
        with self.reading() as connection:
            revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return revision

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            passing = not self.is_sqlite or "locked" in str(error.orig)
            raise InfrastructureError(f"the database {self.name} failed: {error.orig}", retryable=passing) from error
