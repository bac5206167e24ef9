"""Brings a database to the newest schema when it is opened."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, inspect, select, text

from tools.errors import InfrastructureError, UserError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0006"
"""The newest revision in `migrations/versions`; a test holds it there. Known here, so that opening stays quick."""

_MIGRATIONS = Path(__file__).with_name("migrations")


_ADVISORY_LOCK = 0x48617374656E
"""PostgreSQL's lock for it: any number that no other program takes."""


def migrate(engine: Engine) -> None:
    """Run what is missing; raises UserError where the database was written by a newer version."""
    with engine.connect() as connection:
        if revision_of(connection) == HEAD:
            return
    with migrating(engine) as connection:  # two first starts at once: one migrates, the other finds it done
        if revision_of(connection) != HEAD:
            _upgrade(connection)


def check(engine: Engine) -> None:
    """Raises UserError, with the way out, where the schema is not the one that this version reads."""
    with engine.connect() as connection:
        found = revision_of(connection)
    if found is not None and found > HEAD:
        raise _newer(engine)
    if found != HEAD:
        state = "is empty" if found is None else "was last used by an older version of Hasten"
        raise UserError(f"the database {_where(engine)} {state}; run `hasten migrate` first", status=422)


def downgrade(engine: Engine, to: str) -> None:
    """Take a database back to an earlier revision, for an earlier version of Hasten; what that one lacks is lost.

    Raises UserError where `to` is no earlier revision.
    """
    from alembic import command  # noqa: PLC0415 - as in _upgrade
    from alembic.util import CommandError  # noqa: PLC0415

    with migrating(engine) as connection:
        found = revision_of(connection)
        if found is None or not to < found:
            raise UserError(f"{to!r} is no revision before {found or 'the first one'}, where {_where(engine)} is")
        config = alembic_config()
        config.attributes["connection"] = connection
        try:
            command.downgrade(config, to)
        except CommandError as error:
            raise UserError(f"there is no revision {to!r}") from error


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """A transaction that changes the schema, alone and for as long as it takes.

    Raises UserError where the database cannot hold every text.
    """
    if engine.dialect.name == "sqlite":
        with Path(str(engine.url.database)).with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with engine.connect().execution_options(hasten_begin="IMMEDIATE") as connection, _without_keys(connection):
                yield connection
        return
    with engine.begin() as connection:
        if connection.scalar(text("SHOW server_encoding")) != "UTF8":
            raise UserError(f"the database {engine.url.database} is not in UTF-8; make one with ENCODING 'UTF8'")
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))  # until the transaction ends
        yield connection


@contextmanager
def _without_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it, which foreign keys of its rows forbid: they are checked at the end."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")  # before the transaction begins: within one it does nothing
    try:
        with connection.begin():
            yield
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                raise InfrastructureError(f"a migration left {len(broken)} rows whose job is missing; it was undone")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def revision_of(connection: Connection) -> str | None:
    """The revision that a database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - half a second that only a first start and an upgrade need
    from alembic.util import CommandError  # noqa: PLC0415

    config = alembic_config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise _newer(connection.engine) from error


def _newer(engine: Engine) -> UserError:
    message = f"{_where(engine)} was written by a newer version of Hasten; upgrade Hasten or set HASTEN_HOME elsewhere"
    return UserError(message, status=422)


def _where(engine: Engine) -> str:
    return str(engine.url.database) if engine.dialect.name == "sqlite" else engine.url.render_as_string()


def alembic_config() -> "Config":
    """What alembic needs to find the migrations; whoever runs them sets `attributes["connection"]`."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
