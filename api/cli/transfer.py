"""`hasten export` and `hasten import`: everything of a job in one file, to be read elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.console import make_console
from api.cli.output import check_file
from api.legible import line
from tools.errors import UserError
from workers.opening import open_service
from workers.settings import read_settings


def export_job(
    job: Annotated[str, typer.Argument(help="A job's id, or an unambiguous beginning of it.", show_default=False)],
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; hasten-JOB.tar.gz here.", show_default=False)
    ] = None,
) -> None:
    """Write everything of a job into one archive."""
    if file is not None:
        check_file("FILE", file)
    with open_service(read_settings()) as store:
        found = store.jobs.get(job)
        path = file or Path(f"hasten-{found.id}.tar.gz")
        if file is None:
            check_file("FILE", path)
        try:
            digest = store.export(found.id, path)
        except OSError as error:
            raise UserError(f"cannot write {path}: {error.strerror}", status=422) from error
    size_bytes = path.stat().st_size
    make_console().print(line(f"{path}: job {found.id}, {size_bytes:,} bytes, content {digest[:16]}"), soft_wrap=True)


def import_job(
    file: Annotated[Path, typer.Argument(help="What `hasten export` wrote.", show_default=False)],
    *,
    name: Annotated[
        str | None, typer.Option("--as", help="Give the job this id.", metavar="JOB", show_default=False)
    ] = None,
) -> None:
    """Take a job in that was exported elsewhere, so that it is shown and verified here."""
    try:
        opened = file.open("rb")
    except OSError as error:
        raise UserError(f"cannot read {file}: {error.strerror}") from error
    with opened, open_service(read_settings()) as store:
        found = store.take_in(opened, name=name)
    said = f"{'imported as' if found.new else 'already here, with the same content, is'} job {found.job_id}"
    make_console().print(line(f"{said}: {found.rows:,} rows, {found.blobs:,} blobs"), soft_wrap=True)
