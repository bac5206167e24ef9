"""`hasten workload`: writes a workload file to edit."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from agent.protocols import JobStatus
from api.asking import WORKLOAD, Request, make_job
from api.cli import options
from api.cli.console import make_console
from api.cli.running import begun
from api.legible import line
from storage.store import open_store
from tools.errors import UserError
from workers.models import models_of
from workers.settings import read_settings


def workload(
    context: typer.Context,
    repo: options.Repository,
    target: Annotated[
        str, typer.Option(help="The function to measure.", metavar="MODULE:FUNCTION", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option(help="Write it there; standard output without.", metavar="FILE", show_default=False)
    ] = None,
    ref: options.Ref = None,
    subdirectory: options.Subdirectory = "",
    seed: options.Seed = 0,
    sandbox: options.SandboxName = None,
    fresh: options.Fresh = False,
    model: options.ModelNames = None,
) -> None:
    """Write a workload file for a function, made from calls recorded while the tests ran, for you to edit."""
    if out is not None and out.exists():
        raise UserError(f"{out} exists already and is not overwritten; name another file", status=409)
    settings = read_settings()
    request = Request(
        source=repo,
        ref=ref,
        subdirectory=subdirectory,
        target=target,
        seed=seed,
        sandbox=sandbox,
        fresh=fresh,
        models=models_of(settings, model or ()),
        strategy=WORKLOAD,
    )
    job = make_job(request, settings)
    watched = make_console(stderr=True)
    with open_store(settings.home) as store, begun(store, job, watched, "workload") as progress:
        made = context.obj.workload(settings, job, progress, store)
        store.jobs.finish(job.id, JobStatus.FINISHED, detail=f"a workload file for {target}")
    if out is None:
        sys.stdout.write(made.text)
        sys.stdout.flush()
    else:
        try:
            out.write_text(made.text, encoding="utf-8")
        except OSError as error:
            raise UserError(f"{out} cannot be written ({error.strerror}); name another file") from error
    for name, held, detail in made.checks:
        mark = Text("✓ ", style="green") if held else Text("✗ ", style="red")
        watched.print(Text.assemble("  ", mark, line(name), (f": {line(detail)}", "dim")))
    if out is not None:
        watched.print(Text(f"  wrote {out}; edit it, then: hasten optimize {line(repo)} --workload {out}"))
