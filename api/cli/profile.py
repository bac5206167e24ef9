"""`hasten profile`: where the time goes."""

from typing import Annotated

import typer
from rich.text import Text

from agent.protocols import JobStatus
from api.asking import PROFILE, Request, make_job
from api.cli import options
from api.cli.console import make_console
from api.cli.render import hottest, render_left_out, render_suite, render_targets
from api.cli.running import begun
from api.parts import baseline_of
from storage.store import open_store
from workers.settings import read_settings


def profile(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    repo: options.Repository,
    *,
    ref: options.Ref = None,
    subdirectory: options.Subdirectory = "",
    since: options.Since = None,
    fresh: options.Fresh = False,
    workload: options.Workload = None,
    bench: options.Bench = None,
    seed: options.Seed = 0,
    sandbox: options.SandboxName = None,
    top: Annotated[int, typer.Option(help="Show this many functions.", metavar="N", min=1)] = 20,
) -> None:
    """Show the functions where a repository's time goes; nothing is changed."""
    settings = read_settings()
    request = Request(
        source=repo,
        ref=ref,
        subdirectory=subdirectory,
        since=since,
        fresh=fresh,
        workload=workload,
        bench=bench,
        seed=seed,
        sandbox=sandbox,
        strategy=PROFILE,
    )
    job = make_job(request, settings)
    watched = make_console(stderr=True)
    with open_store(settings.home) as store, begun(store, job, watched, "profile") as progress:
        baseline = baseline_of(context.obj.profile(settings, job, progress, store))
        detail = f"{len(baseline.targets)} functions"
        report = {"baseline": baseline.model_dump(mode="json")}
        store.jobs.finish(job.id, JobStatus.FINISHED, detail=detail, report=report)
    console = make_console()
    if not baseline.targets:
        console.print(
            "No function of the project takes a share of the time that could be seen; "
            "name what to measure by --workload or --bench."
        )
        render_left_out(console, baseline.left_out)
        render_suite(console, baseline)
        return
    render_targets(console, hottest(baseline.targets)[:top])
    left_out = len(baseline.targets) - top
    if left_out > 0:
        console.print(Text(f"  and {left_out} more (--top)", style="dim"))
    render_left_out(console, baseline.left_out)
    render_suite(console, baseline)
