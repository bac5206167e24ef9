"""`hasten worker`: one worker of the scaled service."""

from typing import Annotated

import typer

from api.cli.console import make_console
from api.cli.failures import FAILED, tell
from api.cli.serve import check_sandbox
from api.working import work
from workers.logs import configure_logs
from workers.opening import open_service
from workers.parent import end_with
from workers.place import place_of
from workers.settings import Settings, read_settings

SILENT_S = 60.0
"""Four times as long as a worker is silent by itself."""


def worker(
    concurrency: Annotated[int, typer.Option(help="Work on this many jobs at once.", metavar="N", min=1)] = 1,
    check: Annotated[bool, typer.Option("--check", help="Only say whether this host's worker lives.")] = False,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Work on the service's jobs until it is stopped by SIGTERM or Ctrl-C; the round under way is handed over."""
    if check:
        _check(read_settings())
        return
    if parent is not None:
        end_with(parent)
    settings = read_settings()
    open_service(settings).close()  # refused here, in one sentence, and not by every process of the worker
    check_sandbox(settings, make_console(stderr=True))
    configure_logs(settings)
    if code := work(settings, concurrency):
        raise typer.Exit(code)


def _check(settings: Settings) -> None:
    """Exit code 1 where no process of this host's worker was heard of for a minute."""
    place = place_of(settings.home)
    with open_service(settings) as store:
        alive = [one for one in store.workers.list(SILENT_S) if one.host == place]
    if not alive:
        tell(make_console(stderr=True), f"no worker of this host was heard of for {SILENT_S:.0f} s")
        raise typer.Exit(FAILED)
    make_console().print(f"{len(alive)} process{'es' * (len(alive) != 1)} of this host's worker")
