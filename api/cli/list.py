"""`hasten list`: the jobs of this home."""

from typing import Annotated

import typer
from rich.text import Text

from agent.protocols import JobStatus
from api.cli.commands import command_of
from api.cli.console import make_console
from api.cli.render import plain_table, print_table
from api.legible import line
from workers.opening import open_service
from workers.settings import read_settings

_STYLES = {JobStatus.RUNNING: "cyan", JobStatus.FAILED: "red", JobStatus.INTERRUPTED: "yellow"}


def list_jobs(
    limit: Annotated[int, typer.Option(help="Show this many.", metavar="N", min=1)] = 20,
) -> None:
    """List the jobs of this machine, the newest first."""
    console = make_console()
    with open_service(read_settings()) as store:
        jobs = store.jobs.list(limit)
        if not jobs:
            console.print("No jobs yet; `hasten optimize REPO` begins one.")
            return
        table = plain_table("job", "begun", "command", "status", "repository", header=True)
        for job in jobs:
            state = store.jobs.state(job.id)
            status = Text(state.status.value, style=_STYLES.get(state.status, ""))
            what = Text.assemble(line(job.source), (f"\n{line(state.detail)}" if state.detail else "", "dim"))
            table.add_row(job.id, f"{job.created.astimezone():%m-%d %H:%M}", command_of(job), status, what)
    print_table(console, table)
