"""`hasten optimize`: the whole job on one machine."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from agent.domain import Budget, Job
from agent.policies.choose import checked
from agent.protocols import JobStatus
from api.asking import Request, make_job
from api.cli import options
from api.cli.commands import optimizes
from api.cli.console import make_console
from api.cli.delivery import Delivery
from api.cli.output import JsonOutput
from api.cli.render import render_report
from api.cli.runners import Runners
from api.cli.running import running
from api.legible import line
from api.reporting import outcome_of, report_of
from storage.store import Store, open_store
from tools.errors import UserError
from workers.models import models_of
from workers.settings import Settings, read_settings

OUTPUT_ONLY = frozenset({"json_file", "apply", "branch", "record", "resume"})
"""What may be given beside --resume: it says where results go, not what the job is."""


def optimize(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    repo: Annotated[
        str | None,
        typer.Argument(help="A folder, an archive, an https URL, or pypi:NAME==VERSION.", show_default=False),
    ] = None,
    *,
    ref: options.Ref = None,
    subdirectory: options.Subdirectory = "",
    target: options.Target = None,
    since: options.Since = None,
    fresh: options.Fresh = False,
    workload: options.Workload = None,
    bench: options.Bench = None,
    min_gain: options.MinGain = None,
    max_candidates: options.MaxCandidates = options.MAX_CANDIDATES,
    budget_s: options.BudgetSeconds = options.BUDGET_S,
    strategy: options.Strategy = options.STRATEGY,
    selector: options.Selector = options.SELECTOR,
    model: options.ModelNames = None,
    max_usd: options.MaxUsd = options.MAX_USD,
    max_tokens: options.MaxTokens = options.MAX_TOKENS,
    max_model_calls: options.MaxModelCalls = options.MAX_MODEL_CALLS,
    record: options.Record = None,
    seed: options.Seed = 0,
    sandbox: options.SandboxName = None,
    json_file: options.JsonFile = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write what is kept into the checkout.")] = False,
    branch: Annotated[
        str | None, typer.Option(help="Commit what is kept to a new branch of the checkout.", metavar="NAME")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(help="Go on with an interrupted job.", metavar="JOB", show_default=False)
    ] = None,
) -> None:
    """Make a repository faster: keep only what passes its tests, behaves the same and is faster for certain."""
    settings = read_settings()
    output = JsonOutput(json_file)
    if resume is not None:
        _check_alone(context)
        with open_store(settings.home) as store:
            job = store.jobs.get(resume)
            if not optimizes(job):
                raise UserError(f"job {job.id} is a {job.strategy}, which cannot be resumed; run it again")
            delivery = Delivery(job, apply=apply, branch=branch)
            _run(context.obj, settings, store, job, output, delivery, resume=True, record=record)
        return
    if repo is None:
        raise UserError("name a repository: hasten optimize REPO, a folder or an https git URL")
    request = Request(
        source=repo,
        ref=ref,
        subdirectory=subdirectory,
        target=target,
        since=since,
        fresh=fresh,
        workload=workload,
        bench=bench,
        min_gain=min_gain,
        budget=Budget(
            wall_s=budget_s,
            candidates=max_candidates,
            model_calls=max_model_calls,
            tokens=max_tokens,
            usd=max_usd,
        ),
        strategy=checked(strategy),
        selector=selector,
        models=models_of(settings, model or ()),
        seed=seed,
        sandbox=sandbox,
    )
    job = make_job(request, settings)
    delivery = Delivery(job, apply=apply, branch=branch)
    with open_store(settings.home) as store:
        _run(context.obj, settings, store, job, output, delivery, resume=False, record=record)


def _check_alone(context: typer.Context) -> None:
    """Beside --resume nothing may be asked that would make it another job."""
    given = [
        parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.opts[0].upper()
        for parameter in context.command.params
        if parameter.name and parameter.name not in OUTPUT_ONLY and _is_given(context, parameter.name)
    ]
    if given:
        raise UserError(f"--resume goes on with a job as it was asked; leave out {', '.join(given)}")


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _run(
    runners: Runners,
    settings: Settings,
    store: Store,
    job: Job,
    output: JsonOutput,
    delivery: Delivery,
    *,
    resume: bool,
    record: Path | None,
) -> None:
    watched = make_console(stderr=True)
    if resume:
        store.jobs.resume(job.id)
    else:
        store.jobs.create(job)
    _announce(watched, job, resume=resume)
    with running(store, job, watched, resumable=True) as progress:
        stacked = delivery.needs_commits
        result = runners.optimize(settings, job, progress, store, resume=resume, stacked=stacked, record=record)
        report = report_of(result, store.blobs)
        store.jobs.finish(
            job.id,
            JobStatus.FINISHED,
            spend=result.spend,
            detail=outcome_of(report),
            report=report.model_dump(mode="json"),
        )
    console = output.console()
    render_report(console, report)
    output.write(report)
    delivery.deliver(report, console)


def _announce(console: Console, job: Job, *, resume: bool) -> None:
    again = "again, " if resume else ""
    console.print(Text.assemble(("hasten optimize ", "bold"), line(job.source), (f"   {again}job {job.id}", "dim")))
