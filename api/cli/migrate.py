"""`hasten migrate`: brings the service's database up to date, as a step of a deployment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.text import Text
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from api.cli.console import make_console
from api.legible import line
from storage.engine import open_engine, shown, unusable
from storage.migrate import downgrade, revision
from storage.migrate import migrate as bring_up
from storage.store import make_home
from workers.settings import read_settings


def migrate(
    to: Annotated[
        str | None,
        typer.Option(help="Go back to this revision, for an earlier version of Hasten; data is lost.", metavar="REV"),
    ] = None,
) -> None:
    """Bring the database up to date; `serve` and `worker` refuse one on a server that is not."""
    settings = read_settings()
    make_home(settings.home)
    url = settings.database_url
    location = settings.home / "hasten.db" if url is None else url.get_secret_value()
    with _opened(open_engine(location)) as engine:
        before = revision(engine)
        if to is None:
            bring_up(engine)
        else:
            downgrade(engine, to)
        after = revision(engine)
    moved = f"is at revision {after}" if before == after else f"went from {before or 'nothing'} to revision {after}"
    make_console().print(Text(f"{line(shown(location))} {moved}"), soft_wrap=True)


@contextmanager
def _opened(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    except DBAPIError as error:
        raise unusable(engine, error) from error
    finally:
        engine.dispose()
