"""The command line: one app, one way to call it, one way to fail."""

import io
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from api.cli import signals
from api.cli.console import make_console
from api.cli.doctor import doctor
from api.cli.failures import ASKED_WRONGLY, FAILED, fail, silence_output, tell
from api.cli.gc import gc
from api.cli.init import init
from api.cli.judge import judge
from api.cli.key import keys_app
from api.cli.list import list_jobs
from api.cli.migrate import migrate
from api.cli.model import models_app
from api.cli.optimize import optimize
from api.cli.playbook import playbook
from api.cli.profile import profile
from api.cli.runners import Runners, wired
from api.cli.serve import serve
from api.cli.show import show
from api.cli.strategies import strategies
from api.cli.transfer import export_job, import_job
from api.cli.verify import verify
from api.cli.worker import worker
from api.cli.workload import workload
from tools.errors import HastenError
from workers.settings import read_settings

app = typer.Typer(
    name="hasten",
    help="Makes a repository faster, and proves it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("optimize")(optimize)
app.command("judge")(judge)
app.command("profile")(profile)
app.command("init")(init)
app.command("workload")(workload)
app.command("show")(show)
app.command("list")(list_jobs)
app.command("strategies")(strategies)
app.command("verify")(verify)
app.add_typer(playbook, name="playbook")
app.command("export")(export_job)
app.command("import")(import_job)
app.command("gc")(gc)
app.command("doctor")(doctor)
app.command("serve")(serve)
app.command("worker")(worker)
app.command("migrate")(migrate)
app.add_typer(models_app, name="model")
app.add_typer(keys_app, name="key")


def _print_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"hasten {version('hasten')}\n")
        raise typer.Exit


@app.callback()
def _hasten(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del show_version


def call(arguments: Sequence[str], runners: Runners | None = None) -> int:
    """Run one command line; returns the exit code. `runners` stand in for the real ones."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # else one that somebody put in its place
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(list(arguments), prog_name="hasten", standalone_mode=False, obj=runners or _Lazy())
        sys.stdout.flush()
    except KeyboardInterrupt:
        return signals.INTERRUPTED
    except typer.Exit as ended:
        return ended.exit_code
    except typer.TyperException as error:
        return _usage(error)
    except BrokenPipeError:
        silence_output()
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last resort: one line for the person, the traceback to a file
        if signals.interrupted():  # what fails while everything unwinds is a consequence
            return signals.INTERRUPTED
        return fail(make_console(stderr=True), error, _home())
    return code if isinstance(code, int) else 0


class _Lazy:
    """The real runners, made when the first of them is asked for."""

    def __getattr__(self, name: str) -> object:
        return getattr(wired(), name)


def _usage(error: typer.TyperException) -> int:
    console = make_console(stderr=True)
    message = error.format_message()
    if "\n" in message:  # the help, where nothing was asked for
        sys.stderr.write(f"{message}\n")
    elif message:  # it is empty where the help was printed already
        tell(console, message)
    return ASKED_WRONGLY


def _home() -> Path | None:
    try:
        return read_settings().home
    except (HastenError, OSError):
        return None
