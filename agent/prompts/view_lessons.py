"""The view `lessons`: what all earlier attempts on a target came to, a line each, without their code.

The global insights that branches of a search share in Scattered Forest Search (Light et al., 2024), as text alone.
"""

from agent.desk import Desk
from agent.prompts.feedback import lesson

MOST = 12


def lessons(desk: Desk) -> str:
    """The newest attempts of earlier rounds that the directive does not show whole, in order."""
    directive = desk.directive
    told = [
        entry
        for entry in desk.kit.archive.entries()
        if 0 < entry.candidate.round < directive.round
        and entry.candidate.target == directive.target
        and entry.candidate.number not in directive.show
    ]
    if not told:
        return ""
    lines = "\n".join(f"- {lesson(entry)}" for entry in told[-MOST:])
    return f"# What was tried on this function before\n\n{lines}"
