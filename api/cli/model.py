"""`hasten model`: what models cost, whether one answers, and a scripted one to play in its place."""

import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from agent.domain import Model
from agent.models.catalogue import known_prices, own_prices
from agent.models.costs import usd_of
from agent.models.endpoint import serving
from agent.models.messages import Message, Reply, Request, ToolSchema
from agent.models.overflow import OVERFLOW
from agent.models.player import Player
from agent.models.script import read_script
from api.cli.console import make_console
from api.cli.failures import FAILED, tell
from api.cli.render import plain_table, print_table
from api.legible import line, short
from workers.models import make_chat, models_of
from workers.settings import read_settings

CHECK_S = 120.0
CHECK_TOKENS = 2_000
"""Enough for a model that thinks before it answers."""
REPORT = ToolSchema(
    name="report",
    description='Reports one word. Example: report(word="done")',
    parameters={
        "type": "object",
        "properties": {"word": {"type": "string", "description": "The word."}},
        "required": ["word"],
    },
)

models_app = typer.Typer(
    help="Models: what they cost, whether one answers, and a scripted one to play.", no_args_is_help=True
)


@models_app.command("list")
def list_models() -> None:
    """List the models whose prices are known, in dollars per million tokens."""
    settings = read_settings()
    console = make_console()
    known = known_prices()
    own = own_prices(settings.models).models if settings.models else {}
    table = plain_table("model", "read", "cached", "written", "holds tokens", "", header=True)
    for model in {**known.models, **own}.values():
        prices = (model.input_usd_per_mtok, model.cached_usd_per_mtok, model.output_usd_per_mtok)
        mark = "yours" if model.name in own else ""
        table.add_row(line(model.name), *map(_dollars, prices), f"{model.context_tokens:,}", mark)
    print_table(console, table)
    console.print(Text(f"Noted on {known.noted}; prices change. HASTEN_MODELS names a file of your own.", style="dim"))


@models_app.command("check")
def check(
    name: Annotated[str, typer.Argument(help="PROVIDER:NAME, as for --model.", show_default=False)],
) -> None:
    """Ask a model one tiny question, and show what came and what it cost; exit code 1 where it calls no tool."""
    settings = read_settings()
    [model] = models_of(settings, [name])
    question = Message(role="user", text='Call the tool `report` with the word "ready", and say nothing else.')
    room = min(CHECK_TOKENS, model.max_output_tokens)
    request = Request(model=model.name, messages=(question,), tools=(REPORT,), max_output_tokens=room)
    reply = make_chat(settings, [model]).reply(request, timeout_s=CHECK_S)
    console = make_console()
    for key, value in _findings(model, reply).items():
        console.print(Text.assemble(f"{key:<10}", line(value)), soft_wrap=True)
    if not reply.message.calls:
        tell(make_console(stderr=True), f"{model.name} called no tool; a session needs a model that can")
        raise typer.Exit(FAILED)


@models_app.command("replay")
def replay(
    file: Annotated[Path, typer.Argument(help="A script; --record writes one.", show_default=False)],
    port: Annotated[int, typer.Option(help="Listen there; 0 takes a free port.", metavar="N", min=0, max=65535)] = 0,
) -> None:
    """Play a script as an endpoint that speaks OpenAI's protocol, until it is stopped.

    Exit code 0 where the script was played to its end and every request was as it expects.
    """
    console = make_console(stderr=True)
    player = Player(read_script(file), f"the script {file}")
    with serving(player, port=port, tell=lambda problem: tell(console, problem)) as endpoint:
        make_console().print(Text(f"OPENAI_BASE_URL={endpoint.url}"), soft_wrap=True)
        tell(console, f"playing {file}; ask it as openai:ANYTHING, and stop it by Ctrl-C")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:  # how it is meant to end
            problem = player.problem()
    if problem:
        tell(console, problem)
        raise typer.Exit(FAILED)
    tell(console, "the script was played to its end")


def _dollars(price: float | None) -> str:
    return "unknown" if price is None else f"{price:.4g}"


def _findings(model: Model, reply: Reply) -> dict[str, str]:
    usage, usd = reply.usage, usd_of(model, reply.usage)
    calls = ", ".join(f"{one.name}({one.arguments})" for one in reply.message.calls)
    ended = "the conversation is too long for it" if reply.finish == OVERFLOW else reply.finish
    counted = f"{usage.input_tokens:,} read, {usage.output_tokens:,} written"
    return {
        "model": model.name,
        "said": short(reply.message.text) or "nothing",
        "called": short(calls) or "nothing",
        "ended": ended,
        "tokens": f"{counted} (estimated: it does not count)" if usage.estimated else counted,
        "cost": "unknown: see docs/models.md on prices" if usd is None else f"${usd:.6f}",
        "took": f"{reply.seconds:.1f} s",
    }
