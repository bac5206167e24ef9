"""`hasten strategies`: how a search can go."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from api.cli.console import make_console
from api.cli.render import plain_table, print_table

if TYPE_CHECKING:
    from agent.policies.method import Method


def strategies(
    name: Annotated[
        str | None, typer.Argument(help="One of them, for its parameters.", metavar="[NAME]", show_default=False)
    ] = None,
) -> None:
    """List the strategies of `optimize --strategy`; with a name, what it sends, how it chooses and its parameters."""
    # The strategies take a noticeable part of a second to load, and no other command's help needs them.
    from agent.policies.choose import METHODS, parse_strategy  # noqa: PLC0415

    console = make_console()
    if name is not None:
        _print_one(console, parse_strategy(name)[0])
        return
    table = plain_table("strategy", "needs", "what it does, and where it comes from", header=True)
    for method in METHODS.values():
        what = Text.assemble(method.about, (f"\n{method.paper}", "dim"))
        table.add_row(Text(method.name, style="bold"), needs(method), what)
    print_table(console, table)
    console.print("\n`hasten strategies NAME` shows a strategy's parameters.", soft_wrap=True)


def needs(method: "Method") -> str:
    """What a strategy cannot do without."""
    return "a model" if method.needs_model else "nothing"


def _print_one(console: Console, method: "Method") -> None:
    console.print(Text.assemble((method.name, "bold"), f"  {method.about}"))
    facts = plain_table("", "")
    for what, text in (("Sends", method.sends), ("Chooses", method.chooses), ("Needs", needs(method))):
        facts.add_row(what, text)
    facts.add_row("From", f"{method.paper} {method.url}".strip())
    print_table(console, facts)
    if not method.parameters:
        console.print("\nIt has no parameters.")
        return
    console.print()
    table = plain_table("parameter", "default", "what it is", header=True)
    for one in method.parameters:
        table.add_row(one.name, f"{one.default}", one.about)
    print_table(console, table)
    first = method.parameters[0]
    console.print(
        f"\nFor example: --strategy '{method.name}({first.name}={first.default})'", soft_wrap=True, markup=False
    )
