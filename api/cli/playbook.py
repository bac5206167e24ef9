"""`hasten playbook`: what is remembered across jobs, to look at and to clear."""

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from agent.playbook.play import Remembered
from api.cli.console import make_console
from api.cli.render import plain_table, print_table
from api.legible import line, shown
from storage.store import open_store
from tools.errors import UserError
from workers.settings import read_settings

playbook = typer.Typer(
    help="Kept rewrites that later jobs are shown: list, show or forget them.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Number = Annotated[int, typer.Argument(help="A play's number, as `list` names it.", metavar="N", show_default=False)]


@playbook.command("list")
def list_plays(limit: Annotated[int, typer.Option(help="Show this many.", metavar="N", min=1)] = 20) -> None:
    """List what is remembered, the newest first."""
    console = make_console()
    with open_store(read_settings().home) as store:
        found = store.playbook.plays(limit)
    if not found:
        console.print("Nothing is remembered yet; `hasten optimize REPO` remembers what it keeps.")
        return
    table = plain_table("#", "gain", "jobs", "of", "what", right=("#", "jobs"), header=True)
    for one in found:
        what = Text.assemble(line(one.play.summary), (f"\n{line(_constructs(one))}", "dim"))
        table.add_row(str(one.number), str(one.play.speedup), str(one.times), line(one.play.target), what)
    print_table(console, table)


@playbook.command("show")
def show_play(number: Number) -> None:
    """Show one: where it comes from, what proves it, and both sides as other repositories see them."""
    console = make_console()
    with open_store(read_settings().home) as store:
        found = store.playbook.get(number)
    play = found.play
    console.print(Text.assemble((f"#{found.number} ", "bold"), str(play.speedup), f"  {line(play.target)}"))
    console.print(Text(line(play.summary), style="bold"))
    _print_facts(console, found)
    for heading, code in (("Before", play.before), ("After", play.after)):
        console.print(Text(f"\n{heading}", style="bold"))
        console.print(Text(shown(code)), soft_wrap=True)
    console.print(Text("\nWhat other repositories see", style="bold"))
    console.print(Text(f"{shown(play.pattern_before)}\n\n{shown(play.pattern_after)}"), soft_wrap=True)


@playbook.command("forget")
def forget_play(
    number: Annotated[int | None, typer.Argument(help="A play's number.", metavar="[N]", show_default=False)] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Forget all of them.")] = False,
) -> None:
    """Forget one of them, or all, for good."""
    if everything == (number is not None):
        raise UserError("name one play to forget, or all of them by --all")
    console = make_console()
    with open_store(read_settings().home) as store:
        if number is None:
            count = store.playbook.clear()
            console.print(f"Forgot {count} rewrite{'s' * (count != 1)}.")
        else:
            store.playbook.forget(number)
            console.print(f"Forgot rewrite {number}.")


def _constructs(one: Remembered) -> str:
    return f"{', '.join(one.play.tags[:6])} → {', '.join(one.play.gained[:6]) or 'less of the same'}"


def _print_facts(console: Console, found: Remembered) -> None:
    play = found.play
    who = play.author or str(play.origin)
    facts = {
        "repository": play.source,
        "kept by": f"job {play.job}, candidate {play.candidate}, {play.at:%Y-%m-%d} ({who})",
        "proof": play.confirmed,
        "constructs": _constructs(found),
        "found by": f"{found.times} job{'s' * (found.times != 1)}",
    }
    table = plain_table("", "")
    for name, fact in facts.items():
        table.add_row(Text(name, style="dim"), line(fact))
    print_table(console, table)
