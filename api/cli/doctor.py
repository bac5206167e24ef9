"""`hasten doctor`: can this host run and measure?"""

import typer
from rich.text import Text

from api.asking import check_sandbox
from api.cli import options
from api.cli.console import make_console
from api.cli.failures import FAILED
from api.legible import line
from storage.store import open_store
from workers.doctor import examine
from workers.settings import read_settings

_MARKS = {True: ("✓", "green"), None: ("!", "yellow"), False: ("✗", "red")}


def doctor(sandbox: options.SandboxName = None) -> None:
    """Look at this host: sandbox, clocks, cores, noise; exit code 1 when jobs cannot run or may not judge."""
    settings = read_settings()
    name = check_sandbox(sandbox or settings.sandbox)
    console = make_console()
    healthy = True
    with open_store(settings.home) as store:
        for finding in examine(settings, name, store.calibrations):
            mark, style = _MARKS[finding.well]
            healthy = healthy and finding.well is not False
            console.print(Text.assemble("  ", (mark, style), f" {finding.name:<22} ", (line(finding.detail), "dim")))
    if not healthy:
        raise typer.Exit(FAILED)
