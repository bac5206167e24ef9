"""Brings a database to the newest schema when it is opened."""

import fcntl
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from tools.errors import UserError

HEAD = "0004"
"""The newest revision in `migrations/versions`; a test holds it there. Known here, so that opening stays quick."""

_MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(engine: Engine, path: Path) -> None:
    """Run what is missing; raises UserError where the file was written by a newer version."""
    if _revision(engine) == HEAD:
        return
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two first starts at once: one migrates, the other finds it done
        if _revision(engine) != HEAD:
            _upgrade(engine, path)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(engine: Engine, path: Path) -> None:
    from alembic import command  # noqa: PLC0415 - half a second that only a first start and an upgrade need
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.execution_options(hasten_begin="IMMEDIATE").begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise UserError(
                f"{path} was written by a newer version of Hasten; upgrade Hasten or set HASTEN_HOME elsewhere",
                status=422,
            ) from error
