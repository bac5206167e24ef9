"""`hasten verify`: does a claim, made by anyone anywhere, hold on this host?"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from agent.domain import Budget, Outcome
from api.asking import JUDGE, Request, make_job
from api.cli import options
from api.cli.console import make_console
from api.cli.failures import INCONCLUSIVE, NOT_KEPT
from api.cli.judge import run_judge
from api.cli.progress import VERDICT_STYLE
from api.cli.render import plain_table, print_table
from api.cli.runners import Runners
from api.evidence import check_files, check_seal
from api.judgement import Judgement
from api.legible import short
from api.report import Report
from api.report_parts import SpeedupPart
from api.wording import gain_text
from storage.store import open_store
from tools.errors import UserError
from workers.settings import Settings, read_settings

MOST_EVIDENCE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A patch that somebody says is faster."""

    name: str
    patch: str
    speedup: SpeedupPart | None
    workload: str = ""
    """What it was measured on."""
    candidate: int | None = None


def verify(
    context: typer.Context,
    evidence: Annotated[Path, typer.Argument(help="A report that optimize or judge wrote.", show_default=False)],
    candidate: Annotated[
        int | None, typer.Option(help="Judge this kept candidate alone.", metavar="N", show_default=False)
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(help="Take the commit from here, not from where the report says.", show_default=False),
    ] = None,
    sandbox: options.SandboxName = None,
) -> None:
    """Judge every kept patch of a report again: exit code 0 when all hold here, 3 when one does not, 4 when unsure."""
    report = read_evidence(evidence)
    claims = [claim for claim in claims_of(report) if candidate in {None, claim.candidate}]
    if not claims:
        which = "nothing was kept in it" if candidate is None else f"it keeps no candidate {candidate}"
        raise UserError(f"{evidence} has nothing to verify: {which}", status=404)
    settings = read_settings()
    with TemporaryDirectory(prefix="hasten-verify-") as folder:
        request = _request(report, source, sandbox, _workload_file(report, evidence, Path(folder)))
        _check_source(context.obj, settings, request, report)
        asked = [(claim, _with_written(request, claim, report, Path(folder))) for claim in claims]
        judgements = list(_judge_all(context.obj, settings, asked))
    _print(make_console(), claims, judgements)
    raise typer.Exit(exit_code_of([judgement.verdict for judgement in judgements]))


def read_evidence(path: Path) -> Report | Judgement:
    """A report from a file; raises UserError where it is none."""
    try:
        if path.stat().st_size > MOST_EVIDENCE_BYTES:
            raise UserError(f"{path} is larger than {MOST_EVIDENCE_BYTES >> 20} MiB: it is no report of Hasten")
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}", status=404) from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path} is not JSON: {error}") from error
    if isinstance(data, dict) and "schema_version" in data:
        check_seal(data, str(path))
    kind = Judgement if isinstance(data, dict) and "verdict" in data else Report
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        [first, *_] = error.errors()
        where = ".".join(str(part) for part in first["loc"]) or "it"
        raise UserError(f"{path} is not a report of Hasten: {where}: {first['msg']}") from error


def claims_of(report: Report | Judgement) -> list[Claim]:
    """Everything that a report says is faster; what was combined from several comes last."""
    if isinstance(report, Judgement):
        if report.verdict is not Outcome.KEPT:
            return []
        return [Claim(name="the patch", patch=report.patch, speedup=report.speedup, workload=report.workload)]
    claims = [
        Claim(
            name=f"#{kept.candidate}",
            patch=kept.patch,
            speedup=kept.speedup,
            workload=kept.workload,
            candidate=kept.candidate,
        )
        for kept in report.kept
    ]
    whole = report.combined
    if whole and whole.patch and whole.patch not in {claim.patch for claim in claims}:
        claims.append(Claim(name="together", patch=whole.patch, speedup=whole.speedup, workload=whole.workload))
    return claims


def exit_code_of(outcomes: Iterable[Outcome]) -> int:
    """0 when all are kept, 3 when one is rejected, else 4."""
    others = {outcome for outcome in outcomes if outcome is not Outcome.KEPT}
    if not others:
        return 0
    return INCONCLUSIVE if others == {Outcome.INCONCLUSIVE} else NOT_KEPT


def _workload_file(report: Report | Judgement, evidence: Path, folder: Path) -> Path | None:
    """The workload file that the claim was measured with, written anew from its text; None where none was named."""
    if report.asked.workload is None:
        return None
    text = next((part.text for part in report.baseline.workloads if part.text is not None), None)
    if text is None:
        raise UserError(f"{evidence} does not hold the text of its workload file, so it cannot be run again here")
    file = folder / Path(report.asked.workload).name
    file.write_text(text, "utf-8")
    return file


def _with_written(request: Request, claim: Claim, report: Report | Judgement, folder: Path) -> Request:
    """The same with the workload that a model wrote, where the claim was measured on one and none was named."""
    if request.workload is not None or request.bench is not None:
        return request
    for number, part in enumerate(report.baseline.workloads):
        if part.text is not None and part.name in claim.workload:
            file = folder / f"written_{number}.py"
            file.write_text(part.text, "utf-8")
            return replace(request, workload=file)
    return request


def _check_source(runners: Runners, settings: Settings, request: Request, report: Report | Judgement) -> None:
    """Raises UserError where the code of the claim cannot be had, or is not the code that it was made on."""
    try:
        snapshot = runners.take(settings, make_job(request, settings))
    except UserError as error:
        way = "--source takes it from a clone of your own"
        raise UserError(f"the code of the claim cannot be had: {error}; {way}", status=error.status) from error
    check_files(report.snapshot.files, snapshot.tree, request.source)


def _request(report: Report | Judgement, source: str | None, sandbox: str | None, workload: Path | None) -> Request:
    """The judgement that the report's own job would have asked for."""
    asked, snapshot = report.asked, report.snapshot
    is_tree = snapshot.commit.startswith("tree:")
    return Request(
        source=source or snapshot.source,
        ref=None if is_tree else snapshot.commit,
        subdirectory=asked.subdirectory,
        target=asked.target,
        bench=asked.bench,
        workload=workload,
        recipe=asked.recipe,
        min_gain=asked.min_gain,
        budget=Budget(wall_s=asked.budget_s),
        seed=asked.seed,
        sandbox=sandbox,
        strategy=JUDGE,
    )


def _judge_all(runners: Runners, settings: Settings, asked: Iterable[tuple[Claim, Request]]) -> Iterator[Judgement]:
    with open_store(settings.home) as store:
        for claim, request in asked:
            make_console(stderr=True).print(Text.assemble("\n", (f"Verifying {claim.name}", "bold")))
            yield run_judge(runners, settings, store, make_job(request, settings), claim.patch)


def _print(console: Console, claims: Iterable[Claim], judgements: Iterable[Judgement]) -> None:
    console.print()
    table = plain_table("claim", "claimed", "here", "verdict", "why", header=True)
    for claim, judgement in zip(claims, judgements, strict=True):
        verdict = Text(judgement.verdict.value, style=VERDICT_STYLE.get(judgement.verdict, "red"))
        why = "it holds" if judgement.verdict is Outcome.KEPT else short(judgement.reason)
        table.add_row(claim.name, gain_text(claim.speedup), gain_text(judgement.speedup), verdict, why)
    print_table(console, table)
