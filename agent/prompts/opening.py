"""How a session begins: what is the same for a whole job first, what is new in this round last.

Providers keep the beginning of a prompt that they have seen before, so its order is from the most to the least lasting.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from agent.desk import Desk
from agent.models.messages import Message
from agent.prompts.attempts import shown
from agent.prompts.views import VIEWS
from agent.protocols import Entry
from tools.errors import ToolError

MOST_SOURCE_LINES = 400


def opening(desk: Desk, entries: Sequence[Entry]) -> tuple[Message, ...]:
    """The system's message and the task."""
    directive = desk.directive
    parts = [_project(desk), _target(desk)]
    parts += [VIEWS[name](desk) for name in directive.views]
    parts += shown(directive, entries)
    if directive.instruction:
        parts.append(directive.instruction)
    task = "\n\n".join(part.strip() for part in parts if part.strip())
    return Message(role="system", text=_system()), Message(role="user", text=task)


@cache
def _system() -> str:
    return Path(__file__).with_name("system.md").read_text("utf-8")


def _project(desk: Desk) -> str:
    """What is so for the whole job."""
    baseline = desk.baseline
    spots = "\n".join(
        f"- {target.name} ({target.path}): {target.cumulative_share:.0%} of the time, {target.own_share:.0%} its own, "
        f"run by {target.covered_by} tests"
        for target in baseline.targets[:12]
    )
    tests = f"{len(baseline.suite.stable)} tests pass on the unchanged code, in {baseline.suite.seconds:.1f} s."
    return f"# The project\n\nPython {baseline.environment.python_version}. {tests}\n\nWhere its time goes:\n{spots}"


def _target(desk: Desk) -> str:
    """The function, as the session finds it."""
    try:
        path, qualname = desk.locate(desk.target)
        text = desk.read(path)
    except ToolError:
        return f"# The task\n\nMake {desk.target} faster."
    span = next((one for one in desk.baseline.sources.spans(path) if one.qualname == qualname), None)
    lines = text.splitlines()
    if span is None:
        return f"# The task\n\nMake {desk.target} in {path} faster."
    first, last = span.first_line, min(span.last_line, span.first_line + MOST_SOURCE_LINES)
    body = "\n".join(lines[first - 1 : last])
    return f"# The task\n\nMake `{desk.target}` faster ({path}, from line {first}):\n\n```python\n{body}\n```"
