"""What is measured for a prompt: once in a round, whatever happens to the round's process."""

import hashlib
from collections.abc import Callable

from agent.desk import Desk
from agent.domain import StepKind
from tools.errors import InfrastructureError, ToolError, UserError


def measured(desk: Desk, name: str, make: Callable[[], str]) -> str:
    """A view's text; "" where it cannot be made, with a note of why.

    A measurement comes out differently every time, and a round that is begun again asks again for the replies that it
    had: so what a killed attempt at the round was shown is shown again.
    """
    round_number = desk.directive.round
    key = hashlib.sha256(f"{name}\0{desk.target}\0{desk.patch}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    for step in desk.kit.journal.steps(StepKind.NOTE, round=round_number):
        if step.data.get("view") == key:
            return str(step.data["text"])
    try:
        text, title = make(), f"shown in the prompt: {name}"
    except (ToolError, UserError, InfrastructureError) as error:
        text, title = "", f"not shown in the prompt: {name}: {error}"
    desk.kit.journal.append(StepKind.NOTE, title[:400], {"view": key, "text": text}, round=round_number)
    return text
