"""What people told a job while it runs: hints, as a section of the prompt."""

from collections.abc import Sequence

from agent.domain import Review, ReviewKind
from agent.prompts.fence import fenced, quoted

MOST_HINTS = 12
"""The newest; a hint that is older has had its rounds."""
MOST_CHARACTERS = 2_000
"""Of one hint."""


def hints(reviews: Sequence[Review]) -> str:
    """The hints of a job in the order they came; empty where there are none."""
    given = [one for one in reviews if one.kind is ReviewKind.HINT and one.text.strip()][-MOST_HINTS:]
    if not given:
        return ""
    head = "# Hints from the people whose code this is\n\nThey may be wrong: only what is measured counts."
    return "\n\n".join([head, *(_told(one) for one in given)])


def _told(hint: Review) -> str:
    where = []
    if hint.candidate is not None:
        where.append(f"attempt {hint.candidate}")
    if hint.path:
        where.append(quoted(hint.path, 200) + (f":{hint.line}" if hint.line is not None else ""))
    about = f"On {', '.join(where)}:\n\n" if where else ""
    text = hint.text.strip()
    return about + fenced(text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…")
