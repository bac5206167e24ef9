"""The database: opened, brought up to date, read and written. One SQLite file, or PostgreSQL by its URL."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DataError, DBAPIError, OperationalError, TimeoutError

from storage.engine import open_engine, shown
from storage.migrate import check, downgrade, migrate, revision_of
from storage.retrying import retried
from tools.errors import InfrastructureError, UserError

LOCKED_S = 300.0
"""How long somebody waits for a lock that others hold while they work."""
PASSING = ("locked", "busy", "full")
"""What SQLite says of failures that may be over when it is asked again: other writers, a full disk."""


@contextmanager
def _file_lock(path: Path) -> Iterator[bool]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _leave(engine: Engine) -> None:
    del engine


class Database:
    """Several processes may read and write it at once."""

    def __init__(
        self,
        location: Path | str,
        patience_s: float = 0.0,
        *,
        schema: Literal["migrate", "check", "leave"] = "migrate",
    ) -> None:
        """Open a SQLite file by its path or a database by its URL, creating or migrating what is missing.

        With `schema="check"` one that is not up to date is refused; with "leave" it is not looked at. `patience_s` is
        how long those who use `storage.retrying` wait for a database that is away; it may be changed at any time.
        Raises UserError where it is no database that this version reads, InfrastructureError where it is not reached.
        """
        self.patience_s = patience_s
        self._engine = open_engine(location)
        self.name = shown(location)
        self.is_sqlite = self._engine.dialect.name == "sqlite"
        self._writer = self._engine.execution_options(hasten_begin="IMMEDIATE")
        consistent = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self._engine.execution_options(**consistent)
        alone = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._glancer = self._engine.execution_options(**alone)
        self._prepare: Callable[[Engine], None] = {"migrate": migrate, "check": check, "leave": _leave}[schema]
        retried(self, self._open)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and blocks nobody."""
        with self._translated(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """A connection for a single query, which needs no transaction around it: two journeys less."""
        with self._translated(), self._glancer.connect() as connection:
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

    @contextmanager
    def locked(self, what: str, *, shared: bool = False) -> Iterator[None]:
        """A lock of PostgreSQL by its name, held until the block ends or the process does; several may share it.

        No transaction is open meanwhile. Raises InfrastructureError where others hold it for minutes.
        """
        kind = "_shared" if shared else ""
        take = getattr(func, f"pg_try_advisory_lock{kind}")(func.hashtextextended(f"hasten {what}", 0))
        give_back = getattr(func, f"pg_advisory_unlock{kind}")(func.hashtextextended(f"hasten {what}", 0))
        deadline_s = time.monotonic() + LOCKED_S
        with self._translated(), self._engine.connect() as connection:
            while not connection.scalars(select(take)).one():  # a wait in PostgreSQL would meet its time limits
                connection.commit()
                if time.monotonic() > deadline_s:
                    raise InfrastructureError(f"others hold the lock of {what} in {self.name}", retryable=True)
                time.sleep(0.05)
            connection.commit()
            try:
                yield
            finally:
                connection.execute(select(give_back))
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
            return revision_of(connection)

    def go_to(self, revision: str | None) -> None:
        """Bring the schema to an earlier revision, or to the newest where that is None; raises UserError."""
        with self._translated():
            if revision is None:
                migrate(self._engine)
            else:
                downgrade(self._engine, revision)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def _open(self, again: bool) -> None:
        del again  # what a try left undone, the next one does
        try:
            with self._translated():
                self._prepare(self._engine)
        except DBAPIError as error:
            raise self._unusable(error.orig) from error
        except InfrastructureError as error:
            if error.retryable:
                raise
            raise self._unusable(getattr(error.__cause__, "orig", error)) from error

    def _unusable(self, said: BaseException | None) -> UserError:
        way_out = "move it away or set HASTEN_HOME elsewhere" if self.is_sqlite else "its user must own the schema"
        return UserError(f"{self.name} cannot be used as Hasten's database ({said}); {way_out}", status=422)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DataError as error:
            raise UserError(f"a value does not fit into the database: {error.orig}", status=422) from error
        except OverflowError as error:
            if "SQLite" not in str(error):
                raise
            raise UserError("a number does not fit into the database", status=422) from error
        except DBAPIError as error:
            if not isinstance(error, OperationalError) and not error.connection_invalidated:
                raise  # a mistake of ours
            passing = not self.is_sqlite or any(word in str(error.orig) for word in PASSING)
            raise InfrastructureError(f"the database {self.name} failed: {error.orig}", retryable=passing) from error
        except TimeoutError as error:
            raise InfrastructureError(f"the database {self.name} is too busy: {error}", retryable=True) from error
