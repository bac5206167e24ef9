"""The trajectory on a terminal: every step in a line, or one step whole."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from agent.domain import Step
from api.cli.render import plain_table, print_table
from api.legible import line, shown
from api.steps import sections
from tools.errors import UserError


def print_steps(console: Console, steps: Sequence[Step], candidate: int | None) -> None:
    """A line a step, of one candidate or of all."""
    table = plain_table("step", "at", "kind", "#", "what", right=("step", "#"), header=True)
    for step in steps:
        if candidate is not None and step.candidate != candidate:
            continue
        number = "" if step.candidate is None else str(step.candidate)
        table.add_row(str(step.number), f"{step.at:%H:%M:%S}", step.kind.value, number, line(step.title))
    print_table(console, table)


def print_step(console: Console, steps: Sequence[Step], number: int) -> None:
    """All of one step; raises UserError (404) where there is none of this number."""
    step = next((step for step in steps if step.number == number), None)
    if step is None:
        raise UserError(f"there is no step {number}; `--steps` lists all {len(steps)}", status=404)
    about = f"step {step.number}, {step.kind.value}, {step.at:%Y-%m-%d %H:%M:%S} UTC"
    where = f", round {step.round}, attempt {step.attempt + 1}" if step.round else ""
    console.print(Text(f"{about}{where}", style="dim"))
    console.print(Text(shown(step.title), style="bold"))
    for heading, text in sections(step):
        if heading:
            console.print(Text(f"\n{heading}", style="dim"))
        console.print(Text(shown(text)), soft_wrap=True)
