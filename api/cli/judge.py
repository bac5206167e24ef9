"""`hasten judge`: is this patch, anybody's, faster and equivalent?"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from agent.domain import Budget, Job, Outcome
from agent.protocols import JobStatus
from api.asking import JUDGE, Request, make_job
from api.cli import options
from api.cli.console import make_console
from api.cli.failures import INCONCLUSIVE, NOT_KEPT
from api.cli.output import JsonOutput
from api.cli.render import render_judgement
from api.cli.runners import Runners
from api.cli.running import begun
from api.judgement import Judgement
from api.reporting import judgement_of
from storage.store import Store, open_store
from tools.errors import UserError
from tools.git.patch import PatchError, parse_patch
from workers.settings import Settings, read_settings


def judge(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    repo: options.Repository,
    patch: Annotated[str, typer.Option(help="A unified diff; - for standard input.", metavar="FILE")],
    *,
    ref: options.Ref = None,
    subdirectory: options.Subdirectory = "",
    target: options.Target = None,
    workload: options.Workload = None,
    bench: options.Bench = None,
    min_gain: options.MinGain = None,
    budget_s: options.BudgetSeconds = options.BUDGET_S,
    seed: options.Seed = 0,
    sandbox: options.SandboxName = None,
    json_file: options.JsonFile = None,
) -> None:
    """Judge a patch: exit code 0 when it is kept, 3 when it is not, 4 when nothing certain can be said.

    Without --workload, --target or --bench it is measured on what reaches the functions it changes.
    """
    if target is not None and (bench is not None or workload is not None):
        raise UserError("--target, --bench and --workload all say what to measure; give one of them")
    settings = read_settings()
    output = JsonOutput(json_file)
    request = Request(
        source=repo,
        ref=ref,
        subdirectory=subdirectory,
        target=target,
        workload=workload,
        bench=bench,
        min_gain=min_gain,
        budget=Budget(wall_s=budget_s),
        seed=seed,
        sandbox=sandbox,
        strategy=JUDGE,
    )
    job = make_job(request, settings)
    text = read_patch(patch)
    with open_store(settings.home) as store:
        judgement = run_judge(context.obj, settings, store, job, text)
    render_judgement(output.console(), judgement)
    output.write(judgement)
    raise typer.Exit(exit_code_of(judgement.verdict))


def run_judge(runners: Runners, settings: Settings, store: Store, job: Job, patch: str) -> Judgement:
    """Judge a patch under the eyes of whoever watches, and remember the judgement."""
    console = make_console(stderr=True)
    with begun(store, job, console, "judge") as progress:
        result = runners.judge(settings, job, patch, progress, store)
        judgement = judgement_of(result, store.blobs)
        store.jobs.finish(
            job.id,
            JobStatus.FINISHED,
            spend=result.spend,
            detail=judgement.verdict.value,
            report=judgement.model_dump(mode="json"),
        )
    return judgement


def read_patch(name: str) -> str:
    """The text of a patch file, `-` for standard input; raises UserError where it is no unified diff."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UserError(f"--patch: cannot read {name}: {error.strerror}", status=404) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"--patch: {name} is not text in UTF-8") from error
    if not text.strip():
        raise UserError("--patch: the patch is empty; give a unified diff")
    try:
        parse_patch(text)
    except PatchError as error:
        raise UserError(f"--patch {name}: {error}") from error
    return text


def exit_code_of(outcome: Outcome) -> int:
    """0 kept, 4 inconclusive, 3 anything else."""
    return {Outcome.KEPT: 0, Outcome.INCONCLUSIVE: INCONCLUSIVE}.get(outcome, NOT_KEPT)
