"""`hasten migrate`: brings the service's database up to date, as a step of a deployment."""

from contextlib import closing
from typing import Annotated

import typer
from rich.text import Text

from api.cli.console import make_console
from api.legible import line
from storage.database import Database
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
    with closing(Database(location, schema="leave")) as database:
        before = database.revision()
        database.go_to(to)
        after = database.revision()
    moved = f"is at revision {after}" if before == after else f"went from {before or 'nothing'} to revision {after}"
    make_console().print(Text(f"{line(database.name)} {moved}"), soft_wrap=True)
