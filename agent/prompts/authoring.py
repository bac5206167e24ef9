"""How a session begins that writes a target's workload."""

from functools import cache
from pathlib import Path

from agent.desk import Desk
from agent.models.messages import Message
from agent.prompts.fence import fenced, language_of, quoted
from tools.errors import ToolError
from tools.profile.source import Function

MOST_SOURCE_LINES = 300
MOST_TESTS = 12


def authoring(desk: Desk, why: str) -> tuple[Message, ...]:
    """The system's message and the task; `why` says what is missing."""
    return Message(role="system", text=_system()), Message(role="user", text=_task(desk, why))


@cache
def _system() -> str:
    return Path(__file__).with_suffix(".md").read_text("utf-8")


def _task(desk: Desk, why: str) -> str:
    module, _, qualname = desk.target.partition(":")
    first = f"# The task\n\nWrite a workload for `{qualname}` of the module `{module}`: {quoted(why)}."
    try:
        path, found = desk.locate(desk.target)
        text = desk.read(path)
    except ToolError:
        return first
    span = next((one for one in desk.baseline.sources.spans(path) if one.qualname == found), None)
    if span is None:
        return f"{first} It stands in {path}."
    last = min(span.last_line, span.first_line + MOST_SOURCE_LINES)
    body = fenced("\n".join(text.splitlines()[span.first_line - 1 : last]), language_of(path))
    tests = _tests(desk, Function(path=path, qualname=found))
    return f"{first}\n\nIt stands in {path}, from line {span.first_line}:\n\n{body}{tests}"


def _tests(desk: Desk, function: Function) -> str:
    """Tests that run it: they show how it is called."""
    ran = [test for test, functions in desk.baseline.touched.by_test.items() if function in functions]
    if not ran:
        return ""
    return "\n\nTests that run it:\n" + "\n".join(f"- {quoted(test)}" for test in sorted(ran)[:MOST_TESTS])
