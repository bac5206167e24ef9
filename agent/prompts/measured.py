"""What is measured for a prompt: once in a job for the same code, and nothing where it cannot be."""

import hashlib
from collections.abc import Callable

from agent.desk import Desk
from agent.domain import StepKind
from tools.errors import InfrastructureError, ToolError, UserError


def measured(desk: Desk, name: str, make: Callable[[], str]) -> str:
    """A view's text; "" where it cannot be made, with a note of why.

    A measurement comes out differently every time. Rounds that begin with the same code are shown the same one: it
    costs seconds, and providers know the prompt's beginning again.
    """
    key = hashlib.sha256(f"{name}\0{desk.target}\0{desk.patch}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    journal = desk.kit.journal
    for step in journal.steps(StepKind.NOTE):
        if step.data.get("view") == key:
            return str(step.data["text"])
    try:
        text = make()
    except (ToolError, UserError, InfrastructureError) as error:
        journal.append(StepKind.NOTE, f"not shown: {name}: {error}"[:400], round=desk.directive.round)
        return ""
    data = {"view": key, "text": text}
    journal.append(StepKind.NOTE, f"measured for the prompt: {name}", data, round=desk.directive.round)
    return text
