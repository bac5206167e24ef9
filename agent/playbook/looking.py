"""What a session looks plays up by: the function at its desk."""

from pathlib import PurePosixPath

from agent.desk import Desk
from agent.playbook.abstract import imported_in
from agent.playbook.play import PYTHON, C, Query
from tools.errors import ToolError
from tools.profile.source import spans_of
from tools.recipe.build_inputs import NATIVE_SUFFIXES

MOST_QUERY_LINES = 400


def query_of(desk: Desk, target: str = "", words: str = "") -> Query:
    """The query for `module:function` or a file as it stands at the desk, the session's own target by default.

    Only plays that were there when the job began are found, so that a round that begins again finds the same.
    Raises ToolError where there is no such function and it is not the session's own.
    """
    name = target or desk.target
    try:
        path, qualname = (name, "") if ":" not in name else desk.locate(name)
        text = desk.read(path)
    except ToolError:
        if target and target != desk.target:
            raise
        return Query(code="", name=name, words=words, before=desk.job.created)
    language = C if PurePosixPath(path).suffix in NATIVE_SUFFIXES else PYTHON
    lines = text.splitlines()
    span = next((one for one in spans_of(path, text) if one.qualname == qualname), None)
    chosen = lines[span.first_line - 1 : span.last_line] if span else lines
    return Query(
        code=_dedented(chosen[:MOST_QUERY_LINES]),
        name=name,
        words=words,
        language=language,
        imported=frozenset(imported_in([text])) if language == PYTHON else frozenset(),
        before=desk.job.created,
    )


def _dedented(lines: list[str]) -> str:
    """Without the depth of the first line, as a method has it."""
    depth = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    return "\n".join(line[depth:] if not line[:depth].strip() else line for line in lines)
