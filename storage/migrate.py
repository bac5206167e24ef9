"""Brings a database to the newest schema when it is opened."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, inspect, select, text

from tools.errors import UserError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0005"
"""The newest revision in `migrations/versions`; a test holds it there. Known here, so that opening stays quick."""

_MIGRATIONS = Path(__file__).with_name("migrations")


_ADVISORY_LOCK = 0x48617374656E
"""PostgreSQL's lock for it: any number that no other program takes."""


def migrate(engine: Engine) -> None:
    """Run what is missing; raises UserError where the database was written by a newer version."""
    if _revision(engine) == HEAD:
        return
    with _alone(engine):  # two first starts at once: one migrates, the other finds it done
        if _revision(engine) != HEAD:
            _upgrade(engine)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    if engine.dialect.name == "sqlite":
        with Path(str(engine.url.database)).with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with engine.begin() as connection:  # given back when the transaction ends, however it ends
        connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        yield


def _upgrade(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 - half a second that only a first start and an upgrade need
    from alembic.util import CommandError  # noqa: PLC0415

    config = alembic_config()
    with engine.execution_options(hasten_begin="IMMEDIATE").begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            where = engine.url.database if engine.dialect.name == "sqlite" else engine.url.render_as_string()
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
