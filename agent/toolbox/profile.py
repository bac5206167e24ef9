"""The tool that says where time and memory go."""

from typing import Literal

from pydantic import Field

from agent.desk import Desk
from agent.profiling import profile_in_words
from agent.toolbox.tool import Arguments, Manner, Tool


class ProfileArguments(Arguments):
    """Arguments of `profile`."""

    level: Literal["function", "line", "memory"] = Field(
        default="function",
        description="`function`: which functions take the time. `line`: what each line of one function takes. "
        "`memory`: what each line of one function allocates.",
    )
    function: str | None = Field(
        default=None,
        description="For `line` and `memory`: `module:function`, or a function of the target's module by its name. "
        "Left out, it is the target.",
    )


def _profile(desk: Desk, arguments: ProfileArguments) -> str:
    shown = profile_in_words(desk, arguments.level, arguments.function)
    return f"{shown.what}:\n\n{shown.body}"


PROFILE = Tool(
    name="profile",
    description=(
        "Says where time or memory goes in the code as it stands, under the workload that the target is measured on "
        "(or the tests that run it, where there is none). Shares hold to a few percent; it takes some seconds. "
        'Example: profile(level="line", function="Lexer.next") shows every line of Lexer.next with its share of the '
        "time and how often it ran."
    ),
    arguments=ProfileArguments,
    run=_profile,
    manner=Manner.ALONE,
    repeatable=False,
)
