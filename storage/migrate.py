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

HEAD = "0005"
"""The newest revision in `migrations/versions`; a test holds it there. Known here, so that opening stays quick."""

_MIGRATIONS = Path(__file__).with_name("migrations")


_ADVISORY_LOCK = 0x48617374656E
"""PostgreSQL's lock for it: any number that no other program takes."""


def migrate(engine: Engine) -> None:
    """Run what is missing; raises UserError where the database was written by a newer version."""
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    with migrating(engine) as connection:  # two first starts at once: one migrates, the other finds it done
        if _revision(connection) != HEAD:
            _upgrade(connection)


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


def _revision(connection: Connection) -> str | None:
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
        url = connection.engine.url
        where = url.database if connection.dialect.name == "sqlite" else url.render_as_string()
        raise UserError(
            f"{where} was written by a newer version of Hasten; upgrade Hasten or set HASTEN_HOME elsewhere",
            status=422,
        ) from error


def alembic_config() -> "Config":
    """What alembic needs to find the migrations; whoever runs them sets `attributes["connection"]`."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
