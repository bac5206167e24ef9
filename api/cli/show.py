"""`hasten show`: what a job did, kept and threw away."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from agent.domain import Job
from agent.protocols import Entry, JobState, JobStatus
from api.asking import JUDGE, PROFILE
from api.cli import options
from api.cli.commands import command_of, optimizes, program
from api.cli.output import JsonOutput, check_file, write_file
from api.cli.progress import VERDICT_STYLE
from api.cli.render import (
    hottest,
    plain_table,
    print_table,
    render_judgement,
    render_left_out,
    render_report,
    render_suite,
    render_targets,
)
from api.cli.samples import render_samples
from api.cli.steps import print_step, print_steps
from api.evidence import samples_of
from api.judgement import Judgement
from api.legible import line, shown
from api.parts import spend_of
from api.report import Report
from api.report_parts import BaselinePart, Part
from api.reporting import delivered_patch
from api.tree import tree_svg
from api.wording import spend_text
from storage.store import Store
from tools.errors import UserError
from workers.opening import open_service
from workers.settings import read_settings

SAID = {
    JobStatus.QUEUED: "waits for a worker",
    JobStatus.RUNNING: "still runs",
    JobStatus.PAUSED: "is paused",
    JobStatus.FINISHED: "kept none",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "was cancelled",
    JobStatus.INTERRUPTED: "was interrupted",
}
"""How a job without a report stands."""


def show(
    job: Annotated[str, typer.Argument(help="A job's id, or an unambiguous beginning of it.", show_default=False)],
    number: Annotated[
        int | None, typer.Argument(help="A candidate, as --candidate.", metavar="[N]", show_default=False)
    ] = None,
    *,
    patch: Annotated[bool, typer.Option("--patch", help="Print the patch alone, for `git apply`.")] = False,
    candidate: Annotated[
        int | None, typer.Option(help="Show this candidate, kept or not.", metavar="N", show_default=False)
    ] = None,
    steps: Annotated[bool, typer.Option("--steps", help="Print every step that was taken.")] = False,
    step: Annotated[
        int | None,
        typer.Option(help="Show one step whole: what a model was told, what it said.", metavar="N", show_default=False),
    ] = None,
    samples: Annotated[
        bool, typer.Option("--samples", help="Print every pair that was measured; --json writes them.")
    ] = False,
    json_file: options.JsonFile = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write one page that stands alone.", metavar="FILE", show_default=False),
    ] = None,
    tree: Annotated[
        Path | None,
        typer.Option("--tree", help="Draw the search's tree, as SVG.", metavar="FILE", show_default=False),
    ] = None,
) -> None:
    """Show how a job ended; of one that has not, how far it came."""
    output = JsonOutput(json_file)
    if html is not None:
        check_file("--html", html)
    candidate = number if candidate is None else candidate
    if tree is not None:
        check_file("--tree", tree)
    with open_service(read_settings()) as store:
        found = store.jobs.get(job)
        console = output.console()
        if html is not None:
            _write_page(store, found, html)
        if tree is not None:
            archive = store.jobs.archive(found.id)
            write_file(tree, tree_svg(archive.entries(), archive.rounds(), f"The search of job {found.id}"))
        if samples:
            entries = store.jobs.archive(found.id).entries()
            chosen = entries if candidate is None else [_entry(store, found, candidate)]
            measured = samples_of(found.id, chosen, store.blobs)
            render_samples(console, measured)
            output.write(measured)
            return
        if patch:
            _print_patch(_patch_of(store, found, candidate))
        elif steps:
            print_steps(console, store.jobs.journal(found.id).steps(), candidate)
        elif step is not None:
            print_step(console, store.jobs.journal(found.id).steps(), step)
        elif candidate is not None:
            _print_candidate(console, _entry(store, found, candidate))
        else:
            _print_job(console, store, found)
        if json_file is not None:
            output.write(_report(store, found))


def _write_page(store: Store, job: Job, path: Path) -> None:
    # Templates and lexers take a noticeable part of a second to load, and only a page needs them.
    from api.page.contents import contents_of  # noqa: PLC0415
    from api.page.page import page_of  # noqa: PLC0415

    report = _report(store, job)
    if not isinstance(report, Report | Judgement):
        raise UserError("--html shows what optimize and judge found; a profile has no page")
    journal, archive = store.jobs.journal(job.id), store.jobs.archive(job.id)
    began = f"{job.created:%Y-%m-%d %H:%M} UTC"
    write_file(path, page_of(contents_of(report, journal, archive, store.blobs, began)))


def _print_job(console: Console, store: Store, job: Job) -> None:
    state = store.jobs.state(job.id)
    console.print(
        Text.assemble(
            (f"hasten {command_of(job)} ", "bold"), line(job.source), (f"   job {job.id}, {state.status}", "dim")
        )
    )
    if store.jobs.report(job.id) is None:
        _print_unfinished(console, store, job, state)
        return
    report = _report(store, job)
    if isinstance(report, Report):
        render_report(console, report)
    elif isinstance(report, Judgement):
        render_judgement(console, report)
    elif isinstance(report, BaselinePart):
        console.print()
        render_targets(console, hottest(report.targets))
        render_left_out(console, report.left_out)
        render_suite(console, report)


def _print_unfinished(console: Console, store: Store, job: Job, state: JobState) -> None:
    console.print()
    table = plain_table("#", "verdict", "why", right=("#",), header=True)
    entries = store.jobs.archive(job.id).entries()
    for entry in entries:
        style = VERDICT_STYLE.get(entry.verdict.outcome, "")
        table.add_row(str(entry.candidate.number), Text(entry.verdict.outcome, style=style), line(entry.verdict.reason))
    if entries:
        print_table(console, table)
    else:
        console.print("  No candidate was judged yet.")
    if state.detail:
        console.print(f"\nEnded  {line(state.detail)}")
    console.print(f"Spent  {spend_text(spend_of(state.spend))}")
    if state.status is not JobStatus.RUNNING and optimizes(job):
        console.print(f"`{program()} optimize --resume {job.id}` goes on.")


def _print_candidate(console: Console, entry: Entry) -> None:
    candidate, verdict = entry.candidate, entry.verdict
    style = VERDICT_STYLE.get(verdict.outcome, "bold")
    gain = f"  {verdict.speedup}" if verdict.speedup else ""
    console.print(Text.assemble((f"#{candidate.number} ", "bold"), (verdict.outcome.value, style), gain))
    console.print(Text(line(candidate.summary), style="bold"))
    console.print(Text(shown(verdict.reason)))
    console.print(Text(f"\n{shown(candidate.patch)}"), soft_wrap=True)


def _print_patch(text: str) -> None:
    """As it is and in UTF-8, to a file or a pipe; made safe on a terminal."""
    if sys.stdout.isatty():
        sys.stdout.write(shown(text))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def _patch_of(store: Store, job: Job, candidate: int | None) -> str:
    if candidate is not None:
        return _entry(store, job, candidate).candidate.patch
    report = _report(store, job)
    if isinstance(report, Judgement):
        return report.patch
    text = delivered_patch(report) if isinstance(report, Report) else None
    if text is None:
        raise UserError(f"job {job.id} has no patch to deliver; `{program()} show {job.id}` says why", status=404)
    return text


def _entry(store: Store, job: Job, number: int) -> Entry:
    for entry in store.jobs.archive(job.id).entries():
        if entry.candidate.number == number:
            return entry
    raise UserError(f"job {job.id} has no candidate {number}", status=404)


def _report(store: Store, job: Job) -> Part:
    data = store.jobs.report(job.id)
    if data is None:
        raise UserError(f"job {job.id} has no report: it {SAID[store.jobs.state(job.id).status]}", status=404)
    try:
        if job.strategy == JUDGE:
            return Judgement.model_validate(data)
        if job.strategy == PROFILE:
            return BaselinePart.model_validate(data["baseline"])
        return Report.model_validate(data)
    except ValidationError as error:
        raise UserError(f"the report of job {job.id} was written by another version of Hasten", status=422) from error
