"""`hasten init`: what was found out about a project, written down and tried once."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from api.asking import check_sandbox
from api.cli import options
from api.cli.console import make_console
from api.cli.failures import FAILED
from api.legible import line, short
from tools.errors import UserError
from tools.failurecause import lacking
from tools.git.snapshot import Snapshot
from tools.git.source import LocalSource, parse_source
from tools.git.take import take_snapshot
from tools.recipe.detect import explain
from tools.recipe.hasten_toml import FILE, read_recipe
from tools.recipe.recipe import Recipe
from tools.recipe.written import as_toml, check_free
from tools.testreport import BAD, GOOD
from workers.settings import Settings, read_settings

MOST_NAMED = 10
CHECK_HELP = "Write nothing and try what stands there; --no-check writes without trying."


def init(
    path: Annotated[str, typer.Argument(help="The project's folder.", metavar="PATH")] = ".",
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a hasten.toml that is there.")] = False,
    check: Annotated[bool | None, typer.Option("--check/--no-check", help=CHECK_HELP, show_default=False)] = None,
    sandbox: options.SandboxName = None,
) -> None:
    """Write a hasten.toml of what was found out about a project, build it and run its tests once."""
    settings = read_settings()
    name = check_sandbox(sandbox or settings.sandbox)
    source = parse_source(path)
    folder = source.path if isinstance(source, LocalSource) else None
    if check is not True:
        if folder is None or not folder.is_dir():
            raise UserError(
                f"{path} is no folder that a {FILE} could be written to; --check tries it without", status=404
            )
        check_free(folder, force=force)
    console = make_console()
    snapshot = take_snapshot(
        path,
        home=settings.home,
        extra_env=settings.git_environment(),
        index_env=settings.index_environment(),
    )
    if check is True:
        recipe = read_recipe(folder or snapshot.project)
        _print_notes(console, recipe)
    else:
        assert folder is not None
        recipe = _write(console, folder, snapshot)
    if folder is not None:
        _warn_uncommitted(console, folder, snapshot)
    if check is not False and not _try(settings, snapshot, recipe, name, console):
        raise typer.Exit(FAILED)


def _write(console: Console, folder: Path, snapshot: Snapshot) -> Recipe:
    detected = explain(snapshot.project)
    _print_notes(console, detected.recipe)
    place = folder / FILE
    if place.is_symlink():
        raise UserError(f"{place} is a symbolic link, which is not written through: remove it", status=409)
    place.write_text(as_toml(detected), encoding="utf-8")
    console.print(Text(f"Wrote {place}"))
    return detected.recipe


def _print_notes(console: Console, recipe: Recipe) -> None:
    for note in recipe.notes:
        console.print(Text(f"  {line(note)}"), soft_wrap=True)


def _warn_uncommitted(console: Console, folder: Path, snapshot: Snapshot) -> None:
    """The other commands read a checkout's HEAD, where this file may not be yet."""
    written, taken = folder / FILE, snapshot.project / FILE
    if snapshot.commit.startswith("tree:") or not written.is_file():
        return
    if not taken.is_file() or taken.read_bytes() != written.read_bytes():
        console.print(Text(f"  Commit {FILE}: the other commands read HEAD."), soft_wrap=True)


def _try(settings: Settings, snapshot: Snapshot, recipe: Recipe, sandbox: str, console: Console) -> bool:
    """Whether the tests can serve; what happened is printed."""
    from workers.trial import try_recipe  # noqa: PLC0415 - `hasten --help` needs none of it

    watched = make_console(stderr=True)
    trial = try_recipe(
        settings, snapshot, recipe, sandbox, lambda step: watched.print(Text(f"  {line(step)}", style="dim"))
    )
    report = trial.report
    console.print(Text(f"Environment: Python {trial.python_version}, ready in {trial.built_s:.0f} s."))
    for note in trial.notes:
        console.print(Text(f"  {line(note)}"), soft_wrap=True)
    outcomes = Counter("passed" if case.outcome in GOOD else case.outcome for case in report.cases)
    counted = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()) or "none ran"
    console.print(Text(f"Tests: {counted}, in {report.seconds:.0f} s."))
    troubles = [(failure.id, f"not imported: {failure.message}") for failure in report.import_failures]
    troubles += [(one.id, one.why) for one in report.set_aside]
    troubles += [(case.id, case.message) for case in report.cases if case.outcome in BAD]
    for name, message in troubles[:MOST_NAMED]:
        console.print(Text.assemble(f"  {line(name)}  ", (short(_heart(message)), "dim")), soft_wrap=True)
    if len(troubles) > MOST_NAMED:
        console.print(Text(f"  and {len(troubles) - MOST_NAMED} more", style="dim"))
    served = bool(outcomes["passed"]) and not report.problem
    console.print(Text(_advice(trial.report.problem, served, len(troubles), outcomes["passed"])), soft_wrap=True)
    return served


def _heart(message: str) -> str:
    """The line of a failure that says most, and what is missing where it says so."""
    lines = [text for text in message.splitlines() if text.strip()] or [""]
    errors = [text for text in lines if "Error" in text or "assert " in text]
    cause = lacking(message)
    return (errors or lines[::-1])[0] + (f" (it lacks {cause})" if cause else "")


def _advice(problem: str, served: bool, troubles: int, passed: int) -> str:
    if problem:
        return f"The run did not come to its end: {line(problem)}. Choose the tests by `tests` in {FILE}."
    if not passed and not troubles:
        return f"There are no tests: name them by `tests` in {FILE}, or take the repository where an archive has none."
    if not served:
        return f"Nothing passes: mend {FILE} (`install`, `tests`, `env`) and run `hasten init --check` again."
    if troubles:
        return f"This will do: what fails is set aside. To mend it, change {FILE} and run `hasten init --check` again."
    return "This will do."
