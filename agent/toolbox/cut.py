"""Long answers are cut to what helps; the rest stays at hand."""

from typing import cast

from pydantic import Field

from agent.desk import Desk
from agent.toolbox.tool import Arguments, Tool
from tools.errors import ToolError

MOST_CHARACTERS = 12_000
HEAD_SHARE = 0.6
"""Of what is shown, from the beginning; the rest is the end, where results and errors stand."""


def cut(desk: Desk, answer: str) -> str:
    """The answer, or its beginning and end with what is missing named and a way to it."""
    if len(answer) <= MOST_CHARACTERS:
        return answer
    kept = _kept(desk)
    kept.append(answer)
    head = int(MOST_CHARACTERS * HEAD_SHARE)
    tail = MOST_CHARACTERS - head
    first_missing = answer.count("\n", 0, head) + 1
    missing = len(answer) - MOST_CHARACTERS
    note = (
        f"[{missing:,} of {len(answer):,} characters are left out here; more(output={len(kept)}, line={first_missing})]"
    )
    return f"{answer[:head]}\n{note}\n{answer[-tail:]}"


class MoreArguments(Arguments):
    """Arguments of `more`."""

    output: int = Field(description="The number that the cut answer named.")
    line: int = Field(default=1, description="The first line to show, counted from 1.", ge=1)


def _more(desk: Desk, arguments: MoreArguments) -> str:
    kept = _kept(desk)
    if not 1 <= arguments.output <= len(kept):
        raise ToolError(f"There is no cut output {arguments.output}; there are {len(kept)}.")
    lines = kept[arguments.output - 1].splitlines()
    if arguments.line > len(lines):
        raise ToolError(f"Output {arguments.output} has {len(lines)} lines.")
    shown: list[str] = []
    room = MOST_CHARACTERS - 200
    for text in lines[arguments.line - 1 :]:
        room -= len(text) + 1
        if room < 0 and shown:
            break
        shown.append(text)
    last = arguments.line + len(shown) - 1
    rest = "" if last == len(lines) else f"\n[lines {last + 1} to {len(lines)} follow: more with line={last + 1}]"
    return "\n".join(shown)[: MOST_CHARACTERS - 200] + rest


def _kept(desk: Desk) -> list[str]:
    return cast("list[str]", desk.notes.setdefault("more", []))


MORE = Tool(
    name="more",
    description=(
        "Shows the rest of an answer that was cut, from a line on. "
        "Example: more(output=1, line=120) shows line 120 of the first cut answer and what follows."
    ),
    arguments=MoreArguments,
    run=_more,
)
