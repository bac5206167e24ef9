"""How a session begins: what is the same for a whole job first, what is new in this round last.

Providers keep the beginning of a prompt that they have seen before, so its order is from the most to the least lasting:
rules, project, target, views, earlier attempts, hints of people, instruction.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from agent.desk import Desk
from agent.models.messages import Message
from agent.prompts.attempts import shown
from agent.prompts.fence import fenced, language_of
from agent.prompts.hints import hints
from agent.prompts.views import VIEWS
from agent.protocols import Entry
from tools.compiler.functions import is_native
from tools.errors import ToolError
from tools.profile.source import spans_of
from tools.profile.targets import Target

MOST_SOURCE_LINES = 400
MOST_SPOTS = 12
MOST_WORKLOADS = 4
GOAL = (
    "On a scale of 1 to 10, where 1 is the code as it stands and 10 the fastest that does the same, hand in a 10/10: "
    "do not stop at the first saving."
)
"""Conditioning on the best score, as in PIE (Shypula et al., ICLR 2024)."""


def opening(desk: Desk, entries: Sequence[Entry]) -> tuple[Message, ...]:
    """The system's message and the task."""
    directive = desk.directive
    parts = [_project(desk), _target(desk)]
    parts += [view(desk) for name, view in VIEWS.items() if name in directive.views]
    parts += shown(directive, entries)
    parts.append(hints(desk.kit.reviews()))
    if directive.instruction:
        parts.append(f"# This time\n\n{directive.instruction}")
    task = "\n\n".join(part.strip() for part in parts if part.strip())
    return Message(role="system", text=_system()), Message(role="user", text=task)


@cache
def _system() -> str:
    return Path(__file__).with_name("system.md").read_text("utf-8")


def _project(desk: Desk) -> str:
    """What is so for the whole job."""
    baseline = desk.baseline
    facts = [
        f"{_language(desk)}. "
        f"Tests that pass on the unchanged code: {len(baseline.suite.stable)}, in {baseline.suite.seconds:.1f} s. "
        f"A gain counts above {baseline.goal.min_gain:.0%}."
    ]
    measured = [*baseline.named, *(one.workload for one in baseline.benchmarks)]
    if measured:
        names = ", ".join(workload.name for workload in measured[:MOST_WORKLOADS])
        more = f" and {len(measured) - MOST_WORKLOADS} more" if len(measured) > MOST_WORKLOADS else ""
        facts.append(f"Measured on: {names}{more}.")
    if baseline.targets:
        facts.append("Where the time goes (of all / its own):")
        facts.append("\n".join(_spot(target) for target in baseline.targets[:MOST_SPOTS]))
    return "# The project\n\n" + "\n\n".join(facts)


def _spot(target: Target) -> str:
    shares = f"{target.cumulative_share:.0%} / {target.own_share:.0%}"
    tests = f", run by {target.covered_by} test{'s' * (target.covered_by > 1)}" if target.covered_by else ""
    return f"- {target.name} in {target.path}:{target.line}: {shares}{tests}"


def _language(desk: Desk) -> str:
    path = desk.target.partition(":")[0]
    if not is_native(path):
        return f"Python {desk.baseline.environment.python_version}"
    language = "C" if path.endswith((".c", ".h")) else "C++"
    build = desk.baseline.recipe.build
    return f"{language}, built by `{build}`, whose flags stay as they are" if build else language


def _target(desk: Desk) -> str:
    """The function, as the session finds it."""
    try:
        path, qualname = desk.locate(desk.target)
        text = desk.read(path)
    except ToolError:
        return f"# The task\n\nMake `{desk.target}` faster. {GOAL}"
    lines = text.splitlines()
    span = next((one for one in spans_of(path, text) if one.qualname == qualname), None)
    if span is None:
        return f"# The task\n\nMake `{desk.target}` in {path} faster. {GOAL}"
    first, last = span.first_line, min(span.last_line, span.first_line + MOST_SOURCE_LINES - 1)
    where = f"{path}, lines {first} to {span.last_line}"
    if last < span.last_line:
        where += f", of which {MOST_SOURCE_LINES} are shown"
    body = fenced("\n".join(lines[first - 1 : last]), language_of(path))
    return f"# The task\n\nMake `{desk.target}` faster ({where}). {GOAL}\n\n{body}"
