"""The tool that ends a session."""

from pydantic import Field

from agent.desk import Desk
from agent.toolbox.tool import Arguments, Manner, Tool
from tools.errors import ToolError

GAVE_UP = "gave up"


class SubmitArguments(Arguments):
    """Arguments of `submit`."""

    summary: str = Field(
        description="One line for a maintainer: what was changed, where, and why it is faster.", min_length=1
    )
    give_up: bool = Field(default=False, description="True where nothing worth handing in was found.")
    directions: tuple[str, ...] = Field(
        default=(), description="Only where the task asks for them: other ways to go, a sentence each.", max_length=8
    )


def _submit(desk: Desk, arguments: SubmitArguments) -> str:
    desk.notes["directions"] = tuple(" ".join(one.split())[:300] for one in arguments.directions if one.strip())
    if arguments.give_up:
        desk.edits.clear()
        desk.notes["submit"] = f"{GAVE_UP}: {arguments.summary}"
        return "The session ends without a change."
    if not desk.edits:
        raise ToolError(
            "Nothing was edited, so there is nothing to hand in. Use `edit` first, or submit with give_up=true and the "
            "reason as summary."
        )
    desk.notes["submit"] = " ".join(arguments.summary.split())[:300]
    return "Handed in. It is judged now: tests, behaviour on fresh inputs, time."


def submitted(desk: Desk) -> str:
    """What was said on handing in; empty while nothing was."""
    return str(desk.notes.get("submit", ""))


def directions(desk: Desk) -> tuple[str, ...]:
    """The ways to go that were named on handing in, a line each."""
    found = desk.notes.get("directions", ())
    assert isinstance(found, tuple)
    return found


SUBMIT = Tool(
    name="submit",
    description=(
        "Hands in the code as it stands and ends the session. It is then tested, compared on inputs that nobody "
        "saw, and timed; what you say about speed plays no part. "
        'Example: submit(summary="match tokens by a set instead of scanning a list in Lexer.next")'
    ),
    arguments=SubmitArguments,
    run=_submit,
    manner=Manner.CHANGES,
)
